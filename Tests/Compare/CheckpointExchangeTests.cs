using System.Diagnostics;
using NativeNN.Checkpoints;
using NativeNN.Experiments.Compare;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Compare;

/// <summary>Networks go to a real PyTorch and come back through safetensors files.</summary>
public sealed class CheckpointExchangeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SkippableFact]
    public void PyTorchLoadsOurFileAndWeLoadPyTorchs()
    {
        var python = RealPyTorch.Find();
        var net = Network(seed: 3);
        var random = new Generator(4);
        var x = Tensor.Zeros((9, 784));
        Init.Normal(x, random);
        Checkpoint.Save(net, folder.File("ours.safetensors"));
        var y = net.Forward(x);
        Safetensors.Write(folder.File("expected.safetensors"), new Dictionary<string, SavedTensor>
        {
            ["x"] = new([9, 784], x.ToArray()),
            ["y"] = new([9, 10], y.ToArray()),
        }, new Dictionary<string, string> { ["format"] = "pt" });

        // The script loads with load_state_dict, compares the outputs, and saves a network seeded with 5.
        string script = Path.Combine(AppContext.BaseDirectory, "Compare", "checkpoint_exchange.py");
        using var process = Process.Start(new ProcessStartInfo(python.Executable,
            [script, folder.File("ours.safetensors"), folder.File("theirs.safetensors"), folder.File("expected.safetensors")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors + output.Result);

        var loaded = Network(seed: 1);
        Checkpoint.Load(loaded, folder.File("theirs.safetensors"));
        Assert.Equal(InitialParameter.Of(Network(seed: 5)).Select(p => (p.Name, p.Sha256)),
            InitialParameter.Of(loaded).Select(p => (p.Name, p.Sha256)));
    }

    private static Sequential Network(long seed)
    {
        var generator = new Generator(seed);
        return new(new Linear(784, 64, generator), new Relu(), new Linear(64, 32, generator), new Relu(), new Linear(32, 10, generator));
    }
}
