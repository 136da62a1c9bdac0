using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Autograd;

public class BackpropTests
{
    [Fact]
    public void SharedSubexpressionsAddUp()
    {
        // c = 2b = 4a
        var a = Tensor.From(1, 2, 3).WithGrad();
        var b = a + a;
        var c = b + b;
        c.Sum().Backward();
        Assert.Equal([4, 4, 4], a.Grad!.ToArray());
    }

    [Fact]
    public void ADiamondWaitsForAllUsesOfAValue()
    {
        // y = (x²)·(x² + x) = x⁴ + x³: dy/dx = 4x³ + 3x²
        var x = Tensor.From(2).WithGrad();
        var square = x.Square();
        (square * (square + x)).Sum().Backward();
        Assert.Equal([4 * 8 + 3 * 4], x.Grad!.ToArray());
    }

    [Fact]
    public void AChainOfAHundredThousandOpsDoesNotOverflowTheStack()
    {
        var x = Tensor.From(1).WithGrad();
        var y = x;
        for (int i = 0; i < 100_000; i++)
            y = y * 1f;
        y.Sum().Backward();
        Assert.Equal([1], x.Grad!.ToArray());
    }

    [Fact]
    public void GradientsAccumulateOverBackwardsUntilTheyAreDropped()
    {
        var x = Tensor.From(3).WithGrad();
        x.Square().Sum().Backward();
        x.Square().Sum().Backward();
        Assert.Equal([12], x.Grad!.ToArray());
        x.ZeroGrad();
        Assert.Null(x.Grad);
    }

    [Fact]
    public void NoGradRecordsNothingAndNests()
    {
        var x = Tensor.From(3).WithGrad();
        using (new NoGrad())
        {
            using (new NoGrad())
                Assert.False(x.Square().RequiresGrad);
            Assert.Null(x.Square().Op);
        }
        Assert.True(x.Square().RequiresGrad);
    }

    [Fact]
    public void DetachCutsTheGraphButKeepsTheValues()
    {
        var x = Tensor.From(3).WithGrad();
        (x.Square().Detach() * x).Sum().Backward(); // d(9x)/dx
        Assert.Equal([9], x.Grad!.ToArray());
    }

    [Fact]
    public void ASecondBackwardNeedsRetainGraph()
    {
        var x = Tensor.From(3).WithGrad();
        var y = x.Square().Sum();
        y.Backward(retainGraph: true);
        y.Backward();
        Assert.Equal([12], x.Grad!.ToArray());
        var error = Assert.Throws<InvalidOperationException>(() => y.Backward());
        Assert.Contains("retainGraph: true", error.Message);
    }

    [Fact]
    public void BackwardOfAMatrixOrALeafSaysHowToGoOn()
    {
        var x = Tensor.Ones((2, 3)).WithGrad();
        Assert.Contains("[2, 3]", Assert.Throws<ShapeException>(() => x.Square().Backward()).Message);
        Assert.Contains("RequiresGrad", Assert.Throws<InvalidOperationException>(() => Tensor.Ones(1).Sum().Backward()).Message);
        Assert.Throws<ShapeException>(() => x.Square().Backward(Tensor.Ones((3, 2))));
    }

    [Fact]
    public void ComputedGradientsAreKeptOnlyOnRequest()
    {
        var x = Tensor.From(3).WithGrad();
        Tensor kept = x.Square(), dropped = kept * 2f;
        kept.RetainGrad();
        dropped.Sum().Backward();
        Assert.Equal([2], kept.Grad!.ToArray());
        Assert.Null(dropped.Grad);
    }

    [Fact]
    public void AKeptGradientDoesNotFlowThroughTheNextPass()
    {
        var x = Tensor.From(3).WithGrad();
        var square = x.Square();
        square.RetainGrad();
        var y = square.Sum();
        y.RetainGrad();
        y.Backward(retainGraph: true);
        y.Backward();
        Assert.Equal([12], x.Grad!.ToArray()); // 2 passes of 2x
        Assert.Equal([2], square.Grad!.ToArray());
        Assert.Equal(2, y.Grad!.Item());
    }

    [Fact]
    public void ValuesStayReadableUntilTheNextBackwardAndThenThrowInsteadOfLying()
    {
        var w = Tensor.From(1, 2, 3).WithGrad();
        var hidden = w.Square();
        var loss = hidden.Sum();
        loss.Backward();
        Assert.Equal([1, 4, 9], hidden.ToArray());
        var copy = hidden.Clone();
        var view = hidden.Detach();
        var next = w * 2f;
        next.Sum().Backward();
        Assert.Equal(14, loss.Item()); // numbers are never taken back
        Assert.Equal([1, 4, 9], copy.ToArray());
        Assert.Equal([1, 4, 9], view.ToArray()); // memory with a second owner neither
        (w * 3f).Sum().Backward();
        Assert.Contains("Clone()", Assert.Throws<InvalidOperationException>(() => next.ToArray()).Message);
    }

    [Fact]
    public void MixedBackendsThrowAndNameBoth()
    {
        if (TestBackends.All.Count < 2)
            return;
        var a = Tensor.Ones(3, NativeNN.Backends.Reference.ReferenceBackend.Instance);
        var error = Assert.Throws<InvalidOperationException>(() => a + Tensor.Ones(3));
        Assert.Contains("'reference'", error.Message);
        Assert.Contains("'cpu'", error.Message);
    }

    [Fact]
    public void TheDrawingShowsEveryTensorAndOp()
    {
        var x = Tensor.Ones((2, 3)).WithGrad();
        string dot = GraphDrawing.ToGraphviz((x * x).Sum(), new Dictionary<Tensor, string> { [x] = "x" });
        Assert.Contains("label=\"x [2, 3]\"", dot);
        Assert.Contains("label=\"Mul\"", dot);
        Assert.Contains("label=\"Sum\"", dot);
        Assert.Equal(2, dot.Split("-> o").Length - 1 - 1); // x twice into Mul, its product once into Sum
    }

    [Fact]
    public void TwoTrainingsWithOneSeedGiveTheSameBits()
    {
        Assert.Equal(Train(seed: 5), Train(seed: 5));
        Assert.NotEqual(Train(seed: 5), Train(seed: 6));

        static float[] Train(int seed)
        {
            var generator = new Generator(seed);
            var net = new Sequential(new Linear(19, 33, generator), new Relu(), new NativeNN.Layers.Dropout(0.25, generator),
                new Linear(33, 10, generator));
            var optimizer = new NativeNN.Optim.Adam(net.Parameters());
            var x = new float[32 * 19];
            for (int step = 0; step < 20; step++)
            {
                generator.Normal(x, 0, 1);
                var labels = Labels.From([.. Enumerable.Range(0, 32).Select(_ => (int)generator.RandInt(0, 10))]);
                optimizer.ZeroGrad();
                net.Forward(Tensor.From(x, (32, 19))).CrossEntropy(labels).Backward();
                optimizer.Step();
            }
            return [.. net.Parameters().SelectMany(p => p.ToArray())];
        }
    }
}
