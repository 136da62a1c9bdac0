using System.Text;
using NativeNN.Checkpoints;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Checkpoints;

/// <summary>What ends in an error, and the bytes. That ONNX Runtime computes the same is tested in Tests/Heavy/Onnx.</summary>
public sealed class OnnxFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheBytesAreThoseOfTheFormat()
    {
        string path = folder.File("net.onnx");
        OnnxFile.Save(new Sequential(new Relu()), features: 300, path);
        // Keys are field · 8 + wire type, then varints, or a length and so many bytes. 300 = 0b10·128 + 44.
        byte[] relu = [0x0a, 1, (byte)'x', 0x12, 6, .. "0/Relu"u8, 0x1a, 6, .. "0/Relu"u8, 0x22, 4, .. "Relu"u8];
        byte[] last = [0x0a, 6, .. "0/Relu"u8, 0x12, 1, (byte)'y', 0x1a, 1, (byte)'y', 0x22, 8, .. "Identity"u8];
        byte[] type = [0x0a, 18, 8, 1, 0x12, 14, 0x0a, 7, 0x12, 5, .. "batch"u8, 0x0a, 3, 8, 0xac, 2];
        byte[] graph =
        [
            0x5a, 25, 0x0a, 1, (byte)'x', 0x12, 20, .. type, 0x0a, (byte)relu.Length, .. relu, 0x0a, (byte)last.Length, .. last,
            0x62, 25, 0x0a, 1, (byte)'y', 0x12, 20, .. type, 0x12, 8, .. "NativeNN"u8,
        ];
        byte[] model = [8, 9, 0x12, 8, .. "NativeNN"u8, 0x3a, (byte)graph.Length, .. graph, 0x42, 2, 0x10, 20];
        Assert.Equal(Convert.ToHexString(model), Convert.ToHexString(File.ReadAllBytes(path)));
    }

    [Fact]
    public void WeightsAreNamedAsInPyTorchAndTheNetworkStaysInTraining()
    {
        string path = folder.File("net.onnx");
        var net = new Sequential(new Linear(3, 2, new Generator(1)), new Dropout(0.5, new Generator(1)));
        OnnxFile.Save(net, features: 3, path);
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        Assert.All(["0.weight", "0.bias", "0/Linear", "transB"], name => Assert.Contains(name, text));
        Assert.True(net.IsTraining && net.Modules[1].IsTraining);
    }

    [Fact]
    public void AnOpThatOnnxLacksIsNamedWithItsLayer()
    {
        Refused(new Sequential(new Relu(), new Always()), "OnnxFile: Dropout of layer '1' (input [2, 3]) has no counterpart in ONNX");
        Refused(new Always(), "OnnxFile: Dropout of Always (input [2, 3]) has no counterpart");
        Refused(new Sequential(new Doubled()), "OnnxFile: Doubling of layer '0'");
    }

    [Fact]
    public void WhatDependsOnTheBatchItselfIsRefused() =>
        Refused(new Counting(), "OnnxFile: Counting computes a constant or a shape from the batch itself");

    [Fact]
    public void OutsideNoGradOnly()
    {
        using var _ = new NoGrad();
        var error = Assert.Throws<InvalidOperationException>(() => OnnxFile.Save(new Relu(), 3, folder.File("net.onnx")));
        Assert.Contains("save it outside NoGrad", error.Message);
    }

    [SkippableFact]
    public void OnAFullDiskTheOldFileStays()
    {
        Skip.IfNot(File.Exists("/dev/full"), "this system has no /dev/full");
        string path = folder.Write("net.onnx", [1, 2, 3]);
        var error = Assert.Throws<BadInputException>(() => SavedFile.Write(path, file =>
        {
            file.Write([4]);
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write([5]); // this system's own error of a disk without room
        }));
        Assert.StartsWith($"{path}: cannot be written (No space left on device", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void AFolderThatIsNotThereIsSaid()
    {
        string path = Path.Combine(folder.File("none"), "net.onnx");
        Assert.StartsWith(path, Assert.Throws<BadInputException>(() => OnnxFile.Save(new Relu(), 3, path)).Message);
    }

    private void Refused(Module net, string reason)
    {
        string path = folder.File("refused.onnx");
        Assert.StartsWith(reason, Assert.Throws<NotSupportedException>(() => OnnxFile.Save(net, features: 3, path)).Message);
        Assert.False(File.Exists(path));
    }

    /// <summary>Drops in evaluation, too.</summary>
    private sealed class Always : Module
    {
        protected override Tensor Compute(Tensor x) => x.Dropout(0.5, new Generator(1));
    }

    private sealed class Counting : Module
    {
        protected override Tensor Compute(Tensor x) => x / x.Rows;
    }

    private sealed class Doubled : Module
    {
        protected override Tensor Compute(Tensor x) => Op.Apply(new DoublingOp(x));
    }

    private sealed class DoublingOp(Tensor x) : Op(x)
    {
        protected override Tensor Forward() => Tensor.From([.. x.ToArray().Select(value => 2 * value)], x.Shape);

        protected internal override void Backward(Tensor dY) => throw new NotSupportedException();
    }
}
