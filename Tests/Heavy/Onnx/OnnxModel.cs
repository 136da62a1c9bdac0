using Microsoft.ML.OnnxRuntime;
using NativeNN.Checkpoints;
using NativeNN.Layers;

namespace NativeNN.Tests.Onnx;

/// <summary>A network saved by OnnxFile and opened by ONNX Runtime.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly string path = Path.GetTempFileName();
    private readonly InferenceSession session;

    public OnnxModel(Module net, int features)
    {
        OnnxFile.Save(net, features, path);
        session = new InferenceSession(path);
    }

    public (string Name, int[] Shape) Input => session.InputMetadata.Select(m => (m.Key, m.Value.Dimensions)).Single();

    public IEnumerable<string> Weights => session.OverridableInitializerMetadata.Keys;

    public float[] Run(float[] x, int rows, int columns)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(x, [rows, columns]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["x"], [input], ["y"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>The largest |theirs − ours| / max(1, |ours|) over a batch, the network in evaluation.</summary>
    public double Distance(Module net, float[] x, int rows, int columns)
    {
        net.Eval();
        using var _ = new NoGrad();
        float[] ours = net.Forward(Tensor.From(x, (rows, columns))).ToArray(), theirs = Run(x, rows, columns);
        Assert.Equal(ours.Length, theirs.Length);
        Assert.All(ours, y => Assert.True(float.IsFinite(y)));
        return ours.Zip(theirs, (a, b) => Math.Abs((double)b - a) / Math.Max(1, Math.Abs(a))).Max();
    }

    public void Dispose()
    {
        session.Dispose();
        File.Delete(path);
    }
}
