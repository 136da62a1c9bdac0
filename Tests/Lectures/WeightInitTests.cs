using System.Text.Json;
using NativeNN.Checkpoints;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;
using NativeNN.Tests.Cli;

namespace NativeNN.Tests.Lectures;

public sealed class WeightInitTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AShortRunLeavesEveryFigureAndAnswer()
    {
        var (exitCode, output, error) = Run("out", "--epochs", "2");
        Assert.True(exitCode == 0, error);
        Assert.Contains("(2): Linear(in_features=32, out_features=10, bias=True)", output);
        string[] names =
            ["training", "predicted-digits", "gradients-constant", "unusual-weights", "sigmoid", "sigmoid-training", "with-relu",
                "creative"];
        var metrics = Metrics("out");
        Assert.Equal(names.Select(n => $"figures/{n}.png"), metrics.GetProperty("figures").EnumerateArray().Select(f => f.GetString()));
        Assert.All(names, name => Assert.True(new FileInfo(folder.File($"out/weight-init/figures/{name}.png")).Length > 5_000, name));

        // A training that diverges is a result: its step is known, its loss is null, and the rest goes on.
        var unusual = metrics.GetProperty("trainings").GetProperty("unusual");
        Assert.InRange(unusual.GetProperty("diverged_at_step").GetInt32(), 2, 50);
        Assert.All(unusual.GetProperty("epochs").EnumerateArray(),
            e => Assert.Equal(JsonValueKind.Null, e.GetProperty("train_loss").ValueKind));
        Assert.Equal(JsonValueKind.Null, metrics.GetProperty("diverged_at_step").ValueKind); // zero weights, the main training
        Assert.Equal(JsonValueKind.Null, metrics.GetProperty("trainings").GetProperty("only-low")
            .GetProperty("diverged_at_step").ValueKind);

        Assert.Equal("holds", Claim("Constant weights: the network behaves like a single neuron per layer"));
        Assert.Equal("holds", Claim("Unusual weights: exploding gradients from extremely high weights (NaN or inf)"));
        Assert.Equal("does not hold", Claim("Unusual weights: outputs saturate activation functions"));
        Assert.Equal("does not hold", Claim("kaiming_normal_ and xavier_normal_ fill torch.empty(1000)"));
        Assert.Equal("partly", Claim("All neurons in a layer have identical gradients"));
        Assert.Equal("partly", Claim("Zero weights: all neurons compute the same, receive identical gradients and remain identical"));

        string Claim(string said) => metrics.GetProperty("claims").EnumerateArray()
            .Single(c => c.GetProperty("claim").GetString() == said).GetProperty("verdict").GetString()!;
    }

    [Fact]
    public void ZeroWeightsStayZeroExceptTheOutputBias()
    {
        Run("out", "--epochs", "1");
        var tensors = Safetensors.Read(folder.File("out/weight-init/checkpoints/zero.safetensors")).Tensors;
        foreach (string name in new[] { "0.weight", "0.bias", "1.weight", "1.bias", "2.weight" })
            Assert.All(tensors["model." + name].Floats, v => Assert.Equal(0, v));
        Assert.All(tensors["model.2.bias"].Floats, v => Assert.NotEqual(0, v));
    }

    [Fact]
    public void AnInterruptedRunGoesOnToTheSameBitsAndFigures()
    {
        Run("whole", "--epochs", "2");
        Run("halves", "--epochs", "1");
        var (exitCode, _, error) = Run("halves", "--epochs", "2", "--resume");
        Assert.True(exitCode == 0, error);
        foreach (string key in new[] { "zero", "constant", "unusual", "sigmoid-xavier", "relu-constant", "orthogonal" })
        {
            var whole = Safetensors.Read(folder.File($"whole/weight-init/checkpoints/{key}.safetensors"));
            var halves = Safetensors.Read(folder.File($"halves/weight-init/checkpoints/{key}.safetensors"));
            Assert.All(whole.Tensors, t => Assert.Equal(t.Value.Values, halves.Tensors[t.Key].Values));
        }
        // The last batch's gradients, which the document's gradient cell adds to, are not lost with the process either.
        Run("halves", "--epochs", "2", "--resume");
        foreach (string figure in new[] { "gradients-constant", "predicted-digits", "unusual-weights" })
            Assert.Equal(File.ReadAllBytes(folder.File($"whole/weight-init/figures/{figure}.png")),
                File.ReadAllBytes(folder.File($"halves/weight-init/figures/{figure}.png")));
    }

    [Fact]
    public void PredictionsAreTheFirstOfTheLargestOrTheFirstNaN()
    {
        var digits = new PredictedDigits(new double[4]);
        digits.Count(Tensor.From(new[,]
        {
            { 1, 3, 3, 2 }, // a tie
            { 0, 0, 0, 0 },
            { float.PositiveInfinity, 1, float.NaN, float.NaN },
            { float.NaN, 9, 9, 9 },
            { -4, -3, -2, -1 },
        }));
        Assert.Equal([2, 1, 1, 1], digits.Counts);
    }

    [Fact]
    public void SpreadsAreBetweenRowsAndBetweenColumns()
    {
        float[] matrix = [1, 2, 4, 1, 2.5f, 4]; // [2, 3]
        Assert.Equal(0.5, WeightInitMeasures.RowSpread(matrix, rows: 2));
        Assert.Equal(3, WeightInitMeasures.ColumnSpread(matrix, rows: 2));
        matrix[4] = float.NaN;
        Assert.True(double.IsNaN(WeightInitMeasures.RowSpread(matrix, rows: 2)));
        Assert.True(double.IsNaN(WeightInitMeasures.ColumnSpread(matrix, rows: 2)));
    }

    [Fact]
    public void GradientsAreFreshAndAddUpOnlyWhenAsked()
    {
        var net = new Sequential(new Linear(784, 32, new Generator(1)), new Linear(32, 10, new Generator(2)));
        var image = Tensor.Ones((1, 784));
        var recording = new Recording();
        var once = WeightInitGradients.Of(net, image, target: 1, LossFunction.CrossEntropy);
        WeightInitGradients.Keep(net, recording);
        var again = WeightInitGradients.Of(net, image, target: 1, LossFunction.CrossEntropy);
        Assert.All(once.Parameters.Zip(again.Parameters), p => Assert.Equal(p.First.Values, p.Second.Values));
        Assert.All(once.Parameters.Zip(again.Plus(recording).Parameters),
            p => Assert.Equal(p.First.Values.Select(v => 2 * v), p.Second.Values));
        Assert.Contains("0.weight", once.Describe());
    }

    [Fact]
    public void ScalesFollowTheWeights()
    {
        var images = Tensor.From([.. Enumerable.Range(0, 20).Select(i => (float)i)], (10, 2));
        var labels = Labels.From([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
        var net = new Sequential(new Linear(2, 3, new Generator(1)), new NativeNN.Layers.Sigmoid(), new Linear(3, 2, new Generator(2)));
        var scales = WeightInitMeasures.Scales(net, images, labels, LossFunction.CrossEntropy);
        var first = (Linear)net.Modules[0];
        first.Weight.Set([.. first.Weight.ToArray().Select(w => 2 * w)]);
        first.Bias!.Set([.. first.Bias.ToArray().Select(b => 2 * b)]);
        var doubled = WeightInitMeasures.Scales(net, images, labels, LossFunction.CrossEntropy);
        Assert.Equal(2 * scales[0].Std, doubled[0].Std, 5);
        Assert.Equal(2, scales.Length);
        Assert.All(scales, s => Assert.True(s.Gradient > 0));
    }

    [Fact]
    public void ACsvFileLendsATenthForTesting()
    {
        SmallData.CsvFile(folder, images: 10);
        var (exitCode, output, _) = ConsoleRun.Of(["weight-init", "--data", folder.File("small.csv"), "--out", folder.File("out")]);
        Assert.Equal(0, exitCode);
        Assert.Contains("no test part: 10% of the images are held out", output);
    }

    private (int ExitCode, string Output, string Error) Run(string name, params string[] args)
    {
        string data = folder.File("data");
        if (!Directory.Exists(data))
        {
            Directory.CreateDirectory(data);
            SmallData.Folder(folder);
            foreach (string file in Directory.GetFiles(folder.Path))
                File.Move(file, Path.Combine(data, Path.GetFileName(file)));
        }
        return ConsoleRun.Of(["weight-init", "--data", data, "--out", folder.File(name), .. args]);
    }

    private JsonElement Metrics(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(folder.File($"{name}/weight-init/metrics.json"))).RootElement;
}
