using NativeNN.Checkpoints;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ASavedNetworkLoadsBitForBitUnderPyTorchsNames()
    {
        string path = folder.File("net.safetensors");
        var net = Network(hidden: 5, seed: 1);
        Checkpoint.Save(net, path, new Dictionary<string, string> { ["seed"] = "1" });

        var file = Safetensors.Read(path);
        Assert.Equal(["0.bias", "0.weight", "2.bias", "2.weight"], file.Tensors.Keys.Order());
        Assert.Equal([5, 7], file["0.weight"].Shape);
        Assert.Equal([5], file["0.bias"].Shape);
        Assert.Equal(("pt", "1"), (file.Metadata["format"], file.Metadata["seed"]));

        var other = Network(hidden: 5, seed: 2);
        Checkpoint.Load(other, path);
        Assert.Equal(Values(net), Values(other));
    }

    [Fact]
    public void AnotherNetworksFileIsRefusedAndChangesNothing()
    {
        string path = folder.File("net.safetensors");
        Checkpoint.Save(Network(hidden: 5, seed: 1), path);
        var wider = Network(hidden: 6, seed: 2);
        float[] before = Values(wider);
        var shape = Assert.Throws<BadInputException>(() => Checkpoint.Load(wider, path));
        Assert.Contains("'0.weight' has shape [5, 7], [6, 7] is needed", shape.Message);
        Assert.Equal(before, Values(wider));

        var names = Assert.Throws<BadInputException>(() => Checkpoint.Load(new Linear(7, 5, new Generator(1)), path));
        Assert.StartsWith(path, names.Message);
        Assert.Contains("lacks weight, bias, has unexpected ", names.Message);
        Assert.Contains("0.weight", names.Message);
    }

    private static Sequential Network(int hidden, long seed)
    {
        var generator = new Generator(seed);
        return new Sequential(new Linear(7, hidden, generator), new Relu(), new Linear(hidden, 3, generator));
    }

    private static float[] Values(Module module) => [.. module.Parameters().SelectMany(p => p.ToArray())];
}
