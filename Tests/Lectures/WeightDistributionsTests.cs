using System.Text.Json;
using NativeNN.Checkpoints;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Random;
using NativeNN.Tests.Cli;

namespace NativeNN.Tests.Lectures;

public sealed class WeightDistributionsTests : IDisposable
{
    private static readonly string[] Trainings = ["main", "exercise-1", "raw-pixels", "raw-pixels-slower", "dropout-0", "dropout-0.5",
        "adam"];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AShortRunLeavesEveryFigureAndAnswer()
    {
        var (exitCode, output, error) = Run("out", "--epochs", "2");
        Assert.True(exitCode == 0, error);
        Assert.Contains("(fc2): Linear(in_features=32, out_features=32, bias=True)", output);
        Assert.Contains("in_features: 784, out_features: 64", output);
        string[] names =
        [
            "figure29-initial-input-weights", "initial-all-parameters", "figure33-loss-and-accuracy", "figure34-saurons-eye",
                "figure35-layers",
            "exercise2-raw-pixels", "exercise3-dropout", "confusion", "worst-judged",
        ];
        var metrics = Metrics("out");
        Assert.Equal(names.Select(n => $"figures/{n}.png"), metrics.GetProperty("figures").EnumerateArray().Select(f => f.GetString()));
        Assert.All(names, name => Assert.True(new FileInfo(folder.File($"out/weight-distributions/figures/{name}.png")).Length > 5_000,
            name));
        var dataset = metrics.GetProperty("dataset");
        Assert.Equal((360, 40), (dataset.GetProperty("train").GetInt32(), dataset.GetProperty("test").GetInt32()));
        Assert.Equal(2, metrics.GetProperty("epochs").GetArrayLength());
        Assert.Equal(Trainings[1..], metrics.GetProperty("trainings").EnumerateObject().Select(t => t.Name));

        var claims = metrics.GetProperty("claims").EnumerateArray().ToDictionary(c => c.GetProperty("claim").GetString()!);
        var pixels = claims["These data are most likely already distributed in a fairly normalised way"];
        Assert.Equal("does not hold", pixels.GetProperty("verdict").GetString());
        var initial = claims["The weights get less and less uniform from layer to layer, already in the initialised weights"];
        Assert.Equal("does not hold", initial.GetProperty("verdict").GetString());
        Assert.StartsWith("4 of 4 layers pass as uniform", initial.GetProperty("measured").GetString());
        Assert.Matches(@"\d+ of 100 bins lie above 3", claims.Single(c => c.Key.Contains("Sauron")).Value.GetProperty("measured")
            .GetString());
        Assert.All(claims.Values, c => Assert.Contains(c.GetProperty("verdict").GetString(),
            new[] { "holds", "partly", "does not hold", "too short to tell" }));
        Assert.Equal("too short to tell", claims["The model was already performing quite well"].GetProperty("verdict").GetString());
    }

    [Fact]
    public void TheMainTrainingAndTheDropoutRatesStartFromTheSameWeights()
    {
        // The document builds one network to look at, then the trained one.
        var generator = new Generator(42);
        var settings = new WeightDistributions().Recipe.Network;
        _ = settings.Build(generator);
        float[] expected = new FeedForward(settings, generator).Layers[0].Weight.ToArray();
        Run("out", "--epochs", "1");
        foreach (string key in new[] { "main", "dropout-0", "dropout-0.5", "raw-pixels" })
        {
            // 11 steps at learning rate 0.01 leave a corner pixel's weights, whose input is always 0, where they were.
            var checkpoint = Safetensors.Read(folder.File($"out/weight-distributions/checkpoints/{key}.safetensors"));
            float[] weights = checkpoint.Tensors["model.input.weight"].Floats;
            Assert.All(Enumerable.Range(0, 64), unit => Assert.Equal(expected[unit * 784], weights[unit * 784]));
            Assert.NotEqual(expected, weights);
        }
    }

    [Fact]
    public void DropoutIsOffWhenTesting()
    {
        var net = (new WeightDistributions().Recipe.Network with { Dropout = 0.5 }).Build(new Generator(1));
        var image = Tensor.Ones((1, 784));
        net.Eval();
        Assert.Equal(net.Forward(image).ToArray(), net.Forward(image).ToArray());
        net.Train();
        Assert.NotEqual(net.Forward(image).ToArray(), net.Forward(image).ToArray());
    }

    [Fact]
    public void DeadUnitsAreThoseSilentOnEveryImage()
    {
        var layer = new FeedForward(new WeightDistributions().Recipe.Network, new Generator(1)).Layers[0];
        var weights = new float[64 * 784];
        weights.AsSpan(0, 16 * 784).Fill(1); // 16 units live
        layer.Weight.Set(weights);
        layer.Bias!.Set([.. Enumerable.Repeat(-1f, 64)]);
        Assert.Equal(48 / 64.0, WeightDistributions.DeadUnits(layer, Tensor.Ones((3, 784))));
    }

    [Fact]
    public void AnInterruptedRunGoesOnToTheSameBits()
    {
        Run("whole", "--epochs", "3");
        Run("halves", "--epochs", "1");
        var (exitCode, _, error) = Run("halves", "--epochs", "3", "--resume");
        Assert.True(exitCode == 0, error);
        foreach (string key in Trainings) // exercise-1 too, although its weights are drawn after the main training's last epoch
        {
            var whole = Safetensors.Read(folder.File($"whole/weight-distributions/checkpoints/{key}.safetensors"));
            var halves = Safetensors.Read(folder.File($"halves/weight-distributions/checkpoints/{key}.safetensors"));
            Assert.All(whole.Tensors, t => Assert.Equal(t.Value.Values, halves.Tensors[t.Key].Values));
        }
        byte[] eye = File.ReadAllBytes(folder.File("whole/weight-distributions/figures/figure34-saurons-eye.png"));
        Assert.Equal(eye, File.ReadAllBytes(folder.File("halves/weight-distributions/figures/figure34-saurons-eye.png")));
    }

    private (int ExitCode, string Output, string Error) Run(string name, params string[] args)
    {
        string data = folder.File("small.csv");
        if (!File.Exists(data))
            SmallData.CsvFile(folder);
        return ConsoleRun.Of(["weight-distributions", "--data", data, "--out", folder.File(name), .. args]);
    }

    private JsonElement Metrics(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(folder.File($"{name}/weight-distributions/metrics.json"))).RootElement;
}
