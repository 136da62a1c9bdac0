using System.Diagnostics;
using NativeNN.Backends;
using NativeNN.Backends.Reference;
using NativeNN.Random;

namespace NativeNN.Bench;

/// <summary>
/// Every case of the engine's table of ops (OpCase.All), forward and backward, beside the reference loops. The cases are small, as the
/// tests need them: this shows what a call costs, graph included; gemm and micro show what the kernels reach. Labels, constants and
/// generators that a case needs beside its inputs are made in every call and are part of its time.
/// </summary>
internal static class OpsBench
{
    private const int Samples = 101;

    public static BenchTable Run(Backend backend)
    {
        // All results first: wrong ones need no timing, and code that all ops share reaches the JIT's last tier before any is timed.
        var timed = new List<(OpCase Case, Timed Own, Timed Reference)>();
        foreach (var opCase in OpCase.All)
        {
            if (opCase.Difference(ReferenceBackend.Instance, backend) is { } difference)
                throw new InvalidOperationException(difference);
            timed.Add((opCase, new Timed(opCase, backend), new Timed(opCase, ReferenceBackend.Instance)));
        }
        var table = new BenchTable(Machine.PeakOf(backend));
        foreach (var (opCase, own, reference) in timed)
        {
            for (int i = 0; i < Samples; i++) // by turns: both see the same clock rate and the same neighbours
            {
                own.Sample(i);
                reference.Sample(i);
            }
            double forward = Timed.Median(own.Forward), backward = Timed.Median(own.Backward);
            double slowForward = Timed.Median(reference.Forward), slowBackward = Timed.Median(reference.Backward);
            table.Add(("op", opCase.Name), ("inputs", string.Join(", ", opCase.InputShapes.Select(Sizes))),
                ("forward_microseconds", forward), ("backward_microseconds", backward), ("reference_forward_microseconds", slowForward),
                ("reference_backward_microseconds", slowBackward), ("speedup", (slowForward + slowBackward) / (forward + backward)));
        }
        return table;
    }

    // 5×7: a table's cell must not hold brackets, which are its markup.
    private static string Sizes(Shape shape) => shape.Rank == 0 ? "1" : string.Join('×', shape.ToArray());

    /// <summary>A case on a backend, and its samples in microseconds a call.</summary>
    private sealed class Timed
    {
        private readonly OpCase opCase;
        private readonly Backend backend;
        private readonly Tensor[] inputs, results;
        private readonly Tensor dY;

        public Timed(OpCase opCase, Backend backend)
        {
            (this.opCase, this.backend) = (opCase, backend);
            inputs = opCase.MakeInputs(new Generator(3), backend);
            dY = Tensor.Ones(opCase.Build(inputs).Shape, backend);
            results = new Tensor[1];
            int calls = Timing.CallsPerSample(() => Sample(0), milliseconds: 0.2); // the warm-up too
            results = new Tensor[Math.Min(calls, 64)]; // so many graphs are alive at once
        }

        public double[] Forward { get; } = new double[Samples];

        public double[] Backward { get; } = new double[Samples];

        public static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

        // First every forward, then every backward: each phase is timed as a whole, no call alone, and the graphs' memory is reused.
        public void Sample(int i)
        {
            backend.Synchronize();
            long start = Stopwatch.GetTimestamp();
            for (int k = 0; k < results.Length; k++)
                results[k] = opCase.Build(inputs);
            backend.Synchronize();
            long middle = Stopwatch.GetTimestamp();
            foreach (var y in results)
            {
                foreach (var x in inputs)
                    x.ZeroGrad();
                y.Backward(dY);
            }
            backend.Synchronize();
            long end = Stopwatch.GetTimestamp();
            double perCall = 1e6 / Stopwatch.Frequency / results.Length;
            (Forward[i], Backward[i]) = ((middle - start) * perCall, (end - middle) * perCall);
        }
    }
}
