using NativeNN.Checkpoints;

namespace NativeNN.Tests.Cli;

public sealed class ExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new(), data = new();

    public void Dispose()
    {
        folder.Dispose();
        data.Dispose();
    }

    [Fact]
    public void ACheckpointsNetworkIsWrittenAndAnOldFileStaysUnlessAskedFor()
    {
        string checkpoint = Train(), model = folder.File("net.onnx");
        var (exitCode, output, error) = ConsoleRun.Of("export", checkpoint, "--onnx", model);
        Assert.True(exitCode == 0, error);
        Assert.Contains("x [batch, 784], pixels normalised as ", output);
        byte[] written = File.ReadAllBytes(model);
        var (net, _) = NativeNN.Experiments.Running.CheckpointFile.ReadNetwork(checkpoint);
        OnnxFile.Save(net, features: 784, folder.File("same.onnx"));
        Assert.Equal(File.ReadAllBytes(folder.File("same.onnx")), written);

        File.WriteAllBytes(model, [1, 2]);
        Refused($"--onnx {model}: exists already", checkpoint, "--onnx", model);
        Assert.Equal([1, 2], File.ReadAllBytes(model));
        Assert.Equal(0, ConsoleRun.Of("export", checkpoint, "--onnx", model, "--overwrite").ExitCode);
        Assert.Equal(written, File.ReadAllBytes(model));
    }

    [Fact]
    public void WhatIsNoCheckpointIsRefused()
    {
        string model = folder.File("net.onnx"), text = folder.Write("a.safetensors", "not a checkpoint"u8.ToArray());
        Refused(text, text, "--onnx", model);
        Refused("no such file", folder.File("none.safetensors"), "--onnx", model);
        Refused("--onnx", text);
        string foreign = folder.File("foreign.safetensors");
        Safetensors.Write(foreign, new Dictionary<string, SavedTensor> { ["w"] = new([1], [1f]) });
        Refused("not a checkpoint of this program", foreign, "--onnx", model);
        Refused("name its lecture with --lecture", Path.Combine(AppContext.BaseDirectory, "Goldens", "pytorch", "state_dict.pth"),
            "--onnx", model);
        Assert.False(File.Exists(model));
    }

    private string Train()
    {
        var (exitCode, _, error) = ConsoleRun.Of("weight-changes", "--data", SmallData.Folder(data), "--out", folder.Path, "--epochs", "1",
            "--format", "none");
        Assert.True(exitCode == 0, error);
        return folder.File("weight-changes/checkpoints/sgd.safetensors");
    }

    private static void Refused(string message, params string[] arguments)
    {
        var (exitCode, _, error) = ConsoleRun.Of(["export", .. arguments]);
        Assert.Equal(2, exitCode);
        Assert.Contains(message, Assert.Single(error.TrimEnd('\n').Split('\n')));
    }
}
