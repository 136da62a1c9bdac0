using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Experiments.Study;
using NativeNN.Random;

namespace NativeNN.Tests.Study;

public class BackpropWalkTests
{
    private readonly BackpropWalk walk = BackpropWalk.Of(
        Course.Lectures[0].Recipe.Data.Load(new ImageSource(null, "test"), 42, Tensor.DefaultBackend), new Generator(42));

    [Fact]
    public void Four_ways_agree_on_every_gradient()
    {
        Assert.Equal(["z2", "W2", "b2", "h", "z1", "W1", "b1"], walk.Gradients.Select(g => g.Name));
        foreach (var gradient in walk.Gradients)
        {
            Assert.InRange(gradient.FormulaError, 0, 1e-6);
            Assert.InRange(gradient.LoopError, 0, 1e-6);
            Assert.InRange(gradient.DifferenceError, 0, 1e-6);
            Assert.True(Math.Abs(gradient.At.Autograd) > 1e-3, $"{gradient.Name} has nothing to compare");
        }
    }

    [Fact]
    public void A_step_lowers_the_loss() => Assert.True(walk.LossAfter < walk.LossBefore);

    [Fact]
    public void Text_is_narrow_and_the_page_holds_every_gradient()
    {
        Assert.DoesNotContain(BackpropReport.Text(walk).Split('\n'), line => line.Length > 80);
        string page = BackpropReport.Html(walk);
        foreach (var gradient in walk.Gradients)
            Assert.Contains($"d{gradient.Name}[", page);
    }
}
