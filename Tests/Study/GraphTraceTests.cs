using NativeNN.Experiments.Study;
using NativeNN.Random;

namespace NativeNN.Tests.Study;

public class GraphTraceTests
{
    public static TheoryData<string> Names => [.. GraphExample.Small.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_those_of_Backward(string name)
    {
        var example = GraphExample.Small[name](new Generator(1));
        var trace = GraphTrace.Of(example.Loss, example.Names);
        example.Loss.Backward();
        foreach (var (leaf, label) in example.Names)
        {
            double? expected = leaf.Grad is { } gradient ? Math.Sqrt(gradient.ToArray().Sum(v => (double)v * v)) : null;
            double? traced = trace.Tensors.Single(t => t.Name == label).GradientNorm;
            Assert.Equal(expected is null, traced is null);
            Assert.Equal(expected ?? 0, traced ?? 0, 1e-6);
        }
    }

    [Fact]
    public void Changes_nothing()
    {
        var x = Tensor.From([1f, -2f, 3f], (1, 3)).WithGrad();
        x.Square().Sum().Backward();
        float[] earlier = x.Grad!.ToArray();
        var loss = x.Exp().Sum();
        GraphTrace.Of(loss);
        Assert.Equal(earlier, x.Grad!.ToArray());
        loss.Backward(); // the graph is still there
        Assert.Equal(earlier.Zip(x.ToArray(), (g, v) => g + MathF.Exp(v)), x.Grad!.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void A_share_is_what_one_op_adds()
    {
        // x² + 3·x: the shares are 2x and 3, the gradient is their sum
        var x = Tensor.From([2f], (1, 1)).WithGrad();
        var trace = GraphTrace.Of((x.Square() + x * 3).Sum());
        double[] shares = [.. trace.Ops.Where(op => op.Inputs.Contains(0)).Select(op => op.Shares[op.Inputs.ToList().IndexOf(0)]!.Value)];
        Assert.Equal([3, 4], shares.Order());
        Assert.Equal(7, trace.Tensors[0].GradientNorm);
    }

    [Fact]
    public void Refuses_what_has_no_graph() =>
        Assert.Contains("a loss before its Backward()",
            Assert.Throws<InvalidOperationException>(() => GraphTrace.Of(Tensor.Ones((1, 1)))).Message);

    [Theory]
    [MemberData(nameof(Names))]
    public void Layout_puts_every_value_below_its_inputs_and_none_over_another(string name)
    {
        var example = GraphExample.Small[name](new Generator(1));
        var trace = GraphTrace.Of(example.Loss, example.Names);
        var layout = GraphLayout.Of(trace);
        foreach (var op in trace.Ops)
            foreach (int input in op.Inputs)
                Assert.True(layout.BoxOf(input).Bottom < layout.BoxOf(op.Output).Top);
        var boxes = Enumerable.Range(0, trace.Tensors.Count).Select(layout.BoxOf).ToList();
        for (int i = 0; i < boxes.Count; i++)
        {
            Assert.True(boxes[i].Left >= 0 && boxes[i].Right <= layout.Width && boxes[i].Bottom <= layout.Height);
            for (int j = 0; j < i; j++)
                Assert.False(boxes[i].Intersects(boxes[j]));
        }
    }
}
