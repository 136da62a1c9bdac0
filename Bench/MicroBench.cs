using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using NativeNN.Backends;
using NativeNN.Backends.Simd;

namespace NativeNN.Bench;

/// <summary>
/// The elementwise, loss and update kernels on the sizes of a training step: 32 × 64 activations, 64 × 10 logits, 50,176 weights. On a
/// device each is waited for, so its time includes a launch.
/// </summary>
public class MicroBench
{
    private const int Rows = 64, Classes = 10, Hidden = 32 * 64, Weights = 64 * 784;

    private static Backend backend = SimdBackend.Create(threads: 1);
    private Storage x = null!, y = null!, dY = null!, dX = null!, w = null!, g = null!, m = null!, v = null!, logits = null!, p = null!,
        loss = null!, labels = null!;
    private Storage rows = null!, pixels = null!, table = null!, order = null!, batch = null!;

    [GlobalSetup]
    public void Fill()
    {
        (x, y, dY, dX) = (Normal(Hidden), Normal(Hidden), Normal(Hidden), Normal(Hidden));
        (w, g, m, v) = (Normal(Weights), Normal(Weights), Normal(Weights), Normal(Weights));
        (logits, p, loss) = (Normal(Rows * Classes), Normal(Rows * Classes), Normal(1));
        backend.Activate(Activation.Square, g, v, Weights);
        labels = backend.Allocate(Rows);
        backend.WriteInts([.. Enumerable.Range(0, Rows).Select(r => r % Classes)], labels);
        rows = Normal(1000 * 784);
        pixels = backend.Allocate(1000 * 784 / 4);
        backend.WriteInts([.. Enumerable.Range(0, 1000 * 784 / 4).Select(i => i * 48271)], pixels);
        table = Normal(256);
        order = backend.Allocate(32);
        backend.WriteInts([.. Enumerable.Range(0, 32).Select(r => r * 31 % 1000)], order);
        batch = Normal(32 * 784);
    }

    [Benchmark]
    public void Relu()
    {
        backend.Activate(Activation.Relu, x, y, Hidden);
        backend.Synchronize();
    }

    [Benchmark]
    public void ReluBackward()
    {
        backend.ActivateBackward(Activation.Relu, x, y, dY, dX, Hidden);
        backend.Synchronize();
    }

    [Benchmark]
    public void Sigmoid()
    {
        backend.Activate(Activation.Sigmoid, x, y, Hidden);
        backend.Synchronize();
    }

    [Benchmark]
    public void Tanh()
    {
        backend.Activate(Activation.Tanh, x, y, Hidden);
        backend.Synchronize();
    }

    [Benchmark]
    public void Gelu()
    {
        backend.Activate(Activation.Gelu, x, y, Hidden);
        backend.Synchronize();
    }

    [Benchmark]
    public void Product()
    {
        backend.Binary(BinaryOp.Mul, x, Strides.Dense(64), y, Strides.Dense(64), dX, 32, 64);
        backend.Synchronize();
    }

    [Benchmark]
    public void BiasGradient()
    {
        backend.Sum(Axis.Rows, x, y, 32, 64);
        backend.Synchronize();
    }

    [Benchmark]
    public void LogSoftmax()
    {
        backend.Softmax(log: true, logits, p, Rows, Classes);
        backend.Synchronize();
    }

    [Benchmark]
    public void CrossEntropy()
    {
        backend.CrossEntropy(logits, labels, p, loss, Rows, Classes, Reduction.Mean, ignoreIndex: -100);
        backend.Synchronize();
    }

    [Benchmark]
    public void CrossEntropyBackward()
    {
        backend.CrossEntropyBackward(p, labels, loss, dX, Rows, Classes, Reduction.Mean, ignoreIndex: -100);
        backend.Synchronize();
    }

    [Benchmark]
    public void CountCorrect()
    {
        backend.CountCorrect(logits, labels, Rows, Classes, loss, index: 0);
        backend.Synchronize();
    }

    [Benchmark]
    public void GatherBatch()
    {
        backend.GatherRows(rows, order, start: 0, count: 32, rowLength: 784, batch);
        backend.Synchronize();
    }

    [Benchmark]
    public void GatherPixels()
    {
        backend.GatherBytes(pixels, table, order, start: 0, count: 32, rowLength: 784, batch);
        backend.Synchronize();
    }

    [Benchmark]
    public void Sgd()
    {
        backend.Sgd(w, g, momentumBuffer: null, Weights,
            new SgdStep(1e-6f, Momentum: 0, Keep: 1, WeightDecay: 0, Nesterov: false, FirstStep: false));
        backend.Synchronize();
    }

    [Benchmark]
    public void Adam()
    {
        backend.Adam(w, g, m, v, vMax: null, Weights,
            new AdamStep(1e-6, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0, Decoupled: false, Step: 100));
        backend.Synchronize();
    }

    /// <summary>Prints BenchmarkDotNet's own table.</summary>
    internal static BenchTable? Run(Backend on)
    {
        backend = on;
        // In this process: nothing is built anew, so it runs from a published folder too.
        BenchmarkRunner.Run<MicroBench>(DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
        return null;
    }

    private Storage Normal(int count)
    {
        var random = new System.Random(count);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f;
        var storage = backend.Allocate(count);
        backend.Write(values, storage);
        return storage;
    }
}
