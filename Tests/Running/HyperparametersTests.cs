using NativeNN.Backends.Simd;
using NativeNN.Data;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

namespace NativeNN.Tests.Running;

public sealed class HyperparametersTests
{
    private static readonly Recipe Recipe = new WeightHistograms().Recipe; // SGD 0.01, 784-64-32-10, ends in log-softmax, NLL

    [Fact]
    public void NothingSaidChangesNothing()
    {
        foreach (var lecture in Course.Lectures)
            Assert.Empty(TrainingRecord.Changes(lecture.Recipe, lecture.RecipeWith(new())));
        // Nor does a setting that is the lecture's own.
        Assert.Empty(TrainingRecord.Changes(Recipe, new Hyperparameters { LearningRate = 0.01, Hidden = [64, 32] }.ApplyTo(Recipe)));
    }

    [Fact]
    public void EachSettingIsInTheRecipeAndInItsRecord()
    {
        var changes = new Hyperparameters
        {
            LearningRate = 0.1,
            BatchSize = 16,
            Optimizer = OptimizerKind.RmsProp,
            Momentum = 0.9,
            WeightDecay = 0.001,
            Dropout = 0.2,
            Hidden = [20, 15, 12],
            Initialization = "kaiming-normal",
            Loss = LossFunction.CrossEntropy.Name,
        };
        var recipe = changes.ApplyTo(Recipe);
        Assert.Equal(new OptimizerSettings(OptimizerKind.RmsProp, 0.1, 0.001, 0.9), recipe.Optimizer);
        Assert.Equal((16, 0.2, false, LossFunction.CrossEntropy),
            (recipe.BatchSize, recipe.Network.Dropout, recipe.Network.LogSoftmax, recipe.Loss));
        Assert.Equal("784-20-15-12-10", recipe.Network.Shape);
        Assert.Equal(["fc1", "fc2", "fc3", "out"], recipe.Network.Names!.Value.Layers);
        Assert.Equal(
        [
            "--batch-size 16 instead of 32", "--dropout 0.2 instead of 0", "--hidden [784,20,15,12,10] instead of [784,64,32,10]",
            "--init kaiming-normal instead of default", "--loss CrossEntropyLoss instead of NLLLoss", "--lr 0.1 instead of 0.01",
            "--momentum 0.9 instead of nothing", "--optimizer RmsProp instead of Sgd", "--weight-decay 0.001 instead of 0",
        ], TrainingRecord.Changes(Recipe, recipe).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AsManyHiddenLayersAsBeforeKeepTheirNames() =>
        Assert.Equal(["input", "fc1", "fc2"], Recipe.Network.WithHidden([7, 8]).Names!.Value.Layers);

    [Theory]
    [InlineData(OptimizerKind.Sgd, typeof(Sgd))]
    [InlineData(OptimizerKind.Adam, typeof(Adam))]
    [InlineData(OptimizerKind.AdamW, typeof(AdamW))]
    [InlineData(OptimizerKind.RmsProp, typeof(RmsProp))]
    [InlineData(OptimizerKind.Adagrad, typeof(Adagrad))]
    public void EveryOptimizerIsBuiltWithItsSettings(OptimizerKind kind, Type type)
    {
        double momentum = OptimizerSettings.HasMomentum(kind) ? 0.5 : 0;
        var optimizer = new OptimizerSettings(kind, LearningRate: 0.125, WeightDecay: 0.25, momentum).Build([Tensor.Ones(2).WithGrad()]);
        Assert.IsType(type, optimizer);
        var group = Assert.Single(optimizer.Groups);
        Assert.Equal((0.125, 0.25), (group.LearningRate, group.WeightDecay));
        if (momentum > 0)
            Assert.Equal(momentum, group.Momentum);
    }

    [Fact]
    public void MomentumWithAdamIsRefused()
    {
        var error = Assert.Throws<BadInputException>(() =>
            new Hyperparameters { Optimizer = OptimizerKind.Adam, Momentum = 0.9 }.ApplyTo(Recipe));
        Assert.Contains("--momentum 0.9", error.Message);
        Assert.Contains("SGD and RMSprop", error.Message);
        Assert.Throws<BadInputException>(() => new InitVariance().RecipeWith(new() { Momentum = 0.9 })); // whose own is Adam
    }

    [Fact]
    public void ALectureThatComparesInitializationsHasNoOther()
    {
        Assert.Throws<BadInputException>(() => new WeightInit().RecipeWith(new() { Initialization = "orthogonal" }));
        Assert.Throws<BadInputException>(() => new InitVariance().RecipeWith(new() { Initialization = "orthogonal" }));
        Assert.Equal("orthogonal", new WeightChanges().RecipeWith(new() { Initialization = "orthogonal" }).Initialization.Name);
    }

    [Fact]
    public void EveryInitializerFillsWeightsAndZeroesBiases()
    {
        foreach (string name in Initializers.Names.Where(n => n != "default"))
        {
            var net = new Sequential(new Linear(6, 5, new Generator(1)));
            var before = net.Parameters().First().ToArray();
            Initializers.Named(name.Replace(":NUMBER", ":0.5")).Fill(net, new Generator(2));
            var (weight, bias) = (net.Parameters().First().ToArray(), net.Parameters().Last().ToArray());
            Assert.False(before.SequenceEqual(weight), name);
            Assert.All(weight, w => Assert.True(float.IsFinite(w), name));
            Assert.All(bias, b => Assert.Equal(0, b));
        }
    }

    [Theory]
    [InlineData("constant:0.5", 0.5, 0.5)]
    [InlineData("uniform:0.1", -0.1, 0.1)]
    [InlineData("truncated-normal:0.1", -0.2, 0.2)]
    public void AnInitializersNumberIsItsScale(string name, double low, double high)
    {
        var layer = new Linear(40, 30, new Generator(1));
        Initializers.Named(name).Fill(new Sequential(layer), new Generator(1));
        Assert.All(layer.Weight.ToArray(), w => Assert.InRange(w, (float)low, (float)high));
    }

    [Theory]
    [InlineData("glorot")]
    [InlineData("normal")]
    [InlineData("normal:")]
    [InlineData("normal:0")]
    [InlineData("normal:-1")]
    [InlineData("normal:NaN")]
    [InlineData("sparse:1.5")]
    [InlineData("zeros:3")]
    public void AnInitializerThatIsNoneIsRefused(string name) => Assert.Throws<FormatException>(() => Initializers.Named(name));

    [Fact]
    public void SquaredErrorIsThatOfTheSoftmax()
    {
        var logits = Tensor.From([0, 0, 0, 0], (2, 2)).WithGrad(); // p = ½ everywhere
        var loss = LossFunction.SquaredError.Of(logits, Labels.From([0, 1]));
        Assert.Equal(0.25f, loss.Item());
        loss.Backward();
        //  ∂/∂z₀ = Σₖ 2/4·(pₖ − yₖ)·pₖ(δₖ₀ − p₀), in row 0 with y = (1, 0): ½·(−½·¼ − ½·¼) = −⅛
        Assert.Equal([-0.125f, 0.125f, 0.125f, -0.125f], logits.Grad!.ToArray());
    }

    [Fact]
    public void VerdictsOnTrainingsWaitForTheLecturesSettings()
    {
        using var folder = new TemporaryFolder();
        using var interruption = new Interruption();
        using var run = new LectureRun(new WeightHistograms(),
            new RunOptions { Out = folder.Path, Formats = [], Hyperparameters = new() { LearningRate = 0.5 } }, SimdBackend.Default,
            new LectureConsole(Verbosity.Quiet), interruption);
        run.Claim("of a training", "", holds: true);
        run.Claim("of its start", "", holds: true, anyLength: true);
        run.Claim("of the sigmoid", "", holds: true, anySettings: true);
        Assert.Equal([Verdict.OtherSettings, Verdict.OtherSettings, Verdict.Holds], run.Report.Claims.Select(c => c.Verdict));
        Assert.Equal("not the lecture's settings", run.Report.Claims[0].VerdictText);
        Assert.Contains("--lr 0.5 instead of 0.01", Assert.IsType<ResultLine>(Assert.Single(run.Report.Items)).Text);
    }
}
