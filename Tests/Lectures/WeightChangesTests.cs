using System.Text.Json;
using NativeNN.Analysis;
using NativeNN.Checkpoints;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Random;
using NativeNN.Tests.Cli;

namespace NativeNN.Tests.Lectures;

public sealed class WeightChangesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AShortRunLeavesFiguresMetricsAndVerdicts()
    {
        var (exitCode, output, error) = Run("out", "--epochs", "4");
        Assert.True(exitCode == 0, error);
        Assert.Contains("(fc3): Linear(in_features=32, out_features=16, bias=True)", output);
        string[] names = ["accuracy-and-weight-changes", "condition-numbers", "learning-dynamics", "singular-values",
            "relative-weight-changes", "directions", "pruning"];
        Assert.All(names, name => Assert.True(new FileInfo(folder.File($"out/weight-changes/figures/{name}.png")).Length > 2_000, name));
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(folder.File("out/weight-changes/metrics.json")));
        Assert.Equal(4, metrics.RootElement.GetProperty("epochs").GetArrayLength());
        Assert.Equal(15, metrics.RootElement.GetProperty("claims").GetArrayLength());
    }

    [Fact]
    public void WhatIsRecordedIsWhatTheCheckpointHolds()
    {
        Run("one", "--epochs", "1");
        var file = Checkpoint("one");
        var recording = Recording.FromJson(file.Metadata["recording"]);
        var initial = Snapshot.Of(new WeightChanges().Recipe.NewNetwork(new Generator(42)));
        var layers = new WeightChanges().Recipe.Network.Names!.Value.Layers;
        for (int i = 0; i < layers.Count; i++)
        {
            var weight = file[$"model.{layers[i]}.weight"];
            Assert.Equal(
                MatrixNorms.FrobeniusDistance(weight.Floats, initial.State[$"{layers[i]}.weight"].ToArray()),
                    recording.Of("distance")[0][i]);
            Assert.Equal(MatrixNorms.ConditionNumber(weight.Floats, weight.Shape[0], weight.Shape[1]), recording.Of("condition")[0][i]);
        }
    }

    [Fact]
    public void AnInterruptedRunGoesOnToTheSameBits()
    {
        Run("whole", "--epochs", "3");
        Run("halves", "--epochs", "1"); // one epoch leaves no derivative: the figures and verdicts must do without
        var (exitCode, _, error) = Run("halves", "--epochs", "3", "--resume");
        Assert.True(exitCode == 0, error);
        var (whole, halves) = (Checkpoint("whole"), Checkpoint("halves"));
        Assert.All(whole.Tensors, t => Assert.Equal(t.Value.Values, halves.Tensors[t.Key].Values));
        var (recorded, resumed) = (Recording.FromJson(whole.Metadata["recording"]), Recording.FromJson(halves.Metadata["recording"]));
        foreach (string series in new[] { "distance", "condition", "between", "sparsity" })
            Assert.Equal(recorded.Of(series), resumed.Of(series));
    }

    [Fact]
    public void SparsityIsZeroForEqualSizesAndOneForASingleWeight()
    {
        Assert.Equal(0, WeightTracker.Sparsity([0.5f, -0.5f, 0.5f, -0.5f]), 1e-12);
        Assert.Equal(1, WeightTracker.Sparsity([0, 0, -3, 0]), 1e-12);
    }

    private (int ExitCode, string Output, string Error) Run(string name, params string[] args)
    {
        if (!File.Exists(folder.File("train-labels-idx1-ubyte")))
            SmallData.Folder(folder);
        return ConsoleRun.Of(["weight-changes", "--data", folder.Path, "--out", folder.File(name), .. args]);
    }

    private Safetensors Checkpoint(string name) => Safetensors.Read(folder.File($"{name}/weight-changes/checkpoints/sgd.safetensors"));
}
