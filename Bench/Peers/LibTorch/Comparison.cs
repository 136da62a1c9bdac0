using NativeNN.Backends;
using TorchSharp;

namespace NativeNN.Bench.LibTorch;

/// <summary>
/// The engine and LibTorch in one process, samples in turn. LibTorch's threads (OpenMP's) spin on for some 200 ms after their last part and
/// would take the cores from ours: with more than one thread a pause lies between any two samples, and these are longer.
/// </summary>
internal static class Comparison
{
    private const string Peer = "LibTorch 2.10";

    public static IEnumerable<(string Name, object Value)[]> Steps(Backend backend, string? lecture)
    {
        foreach (var recipe in LectureTraining.Recipes(lecture))
        {
            var own = new LectureTraining(recipe, LectureTraining.Load(recipe, backend));
            var (ours, theirs) = InTurn(backend, own, samples: 501);
            yield return [("lecture", recipe.Name), ("peer", Peer), ("peer_microseconds", theirs * 1e6), ("microseconds", ours * 1e6),
                ("speedup", theirs / ours)];
        }
    }

    public static IEnumerable<(string Name, object Value)[]> Scale(Backend backend)
    {
        foreach (var point in ScaleBench.Points())
        {
            double ours = 0, theirs = 0;
            double memory = ScaleBench.Mebibytes(backend, point, training =>
                (ours, theirs) = InTurn(training.Loop.Batches.Dataset.Backend, training, ScaleBench.SamplesOf(point.Recipe)));
            yield return
            [
                .. point.Cells, ("microseconds", ours * 1e6), ("gflops", point.Recipe.FlopPerStep / ours * 1e-9), ("mebibytes", memory),
                ("peer", Peer), ("peer_microseconds", theirs * 1e6), ("speedup", theirs / ours),
            ];
        }
    }

    public static IEnumerable<(string Name, object Value)[]> Products(Backend backend)
    {
        foreach (var shape in GemmBench.Shapes())
        {
            var product = GemmBench.Product(backend, shape);
            using torch.Tensor a = Random(shape.TransposeA, shape.M, shape.K), b = Random(shape.TransposeB, shape.K, shape.N);
            var (ours, theirs) = InTurn(backend, product, () => torch.mm(a, b).Dispose(), GemmBench.SamplesOf(shape));
            yield return [.. GemmBench.Cells(shape), ("gflops", shape.Flop / ours * 1e-9), ("peer", Peer),
                ("peer_gflops", shape.Flop / theirs * 1e-9), ("speedup", theirs / ours)];
        }
    }

    private static (double Ours, double Theirs) InTurn(Backend backend, LectureTraining own, int samples)
    {
        var torchs = new TorchTraining(own.Loop);
        double before = torchs.Loss(examples: 256);
        Timing.WarmUp(own.Step, calls: 3);
        Timing.WarmUp(torchs.Step, calls: 3);
        var times = InTurn(backend, own.Step, torchs.Step, samples);
        // A peer who stands still, or whose numbers are none, did not do the work.
        double after = torchs.Loss(examples: 256);
        if (!double.IsFinite(after) || after == before)
            throw new InvalidOperationException($"{own.Loop.Recipe.Name}: LibTorch's loss began at {before} and is {after}");
        return times;
    }

    private static (double Ours, double Theirs) InTurn(Backend backend, Action ours, Action theirs, int samples) => backend.Threads == 1
        ? Timing.InTurn(ours, theirs, samples, milliseconds: 0.2, pause: TimeSpan.Zero)
        : Timing.InTurn(ours, theirs, samples: 9, milliseconds: 30, pause: TimeSpan.FromMilliseconds(250));

    private static torch.Tensor Random(bool transposed, int rows, int columns) =>
        transposed ? torch.rand(columns, rows).sub_(torch.tensor(0.5f)).t() : torch.rand(rows, columns).sub_(torch.tensor(0.5f));
}
