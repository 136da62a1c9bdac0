using NativeNN.Backends;

namespace NativeNN.Tests.Backends;

public static partial class KernelCases
{
    // Where an exponential overflows, underflows or meets a threshold, and what is not a number.
    internal static readonly float[] Corners =
    [
        0, 1e-8f, -1e-8f, 1e-4f, -1e-4f, 0.5f, -0.5f, 1, -1, 8, -8, 19.999f, 20, 20.001f, -20, 40, -40, 87.3f, -87.3f, 88.7f, -88.7f, 89,
            -89, 100, -100,
        -103.9f, -104.1f, 1e4f, -1e4f, 3.4e38f, -3.4e38f, 1e-38f, -1e-38f, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
    ];

    private static IEnumerable<KernelCase> Elementwise()
    {
        foreach (var kind in Enum.GetValues<Activation>())
        {
            foreach (int count in Sizes.Append(5000))
                yield return Activate($"Activate {kind} {count}", kind, Inputs(kind, count));
            float[] corners = kind == Activation.Gelu ? [.. Corners.Where(x => float.IsFinite(x) && MathF.Abs(x) < 1e5f)] : Corners;
            yield return Activate($"Activate {kind} corners", kind, corners);
            foreach (int count in Sizes.Append(5000))
                yield return ActivateBackward(kind, Inputs(kind, count));
        }
        foreach (var kind in new[] { Activation.Relu, Activation.LeakyRelu })
            yield return BackwardOfCorners(kind);
        foreach (var op in Enum.GetValues<BinaryOp>())
            foreach (bool accumulate in OffOn)
                foreach (var (rows, columns) in Matrices)
                    yield return Binary(op, rows, columns, accumulate);
        foreach (var op in Enum.GetValues<BinaryOp>())
            yield return BinaryOfCorners(op);
        foreach (bool accumulate in OffOn)
            foreach (var (rows, columns) in Matrices)
                yield return Scale(rows, columns, accumulate);
        yield return new("Elementwise in place", rig =>
        {
            Storage x = rig.Put(Normal(100, seed: 11)), y = rig.Put(Normal(100, seed: 12));
            rig.Backend.Activate(Activation.Tanh, x, x, count: 100);
            rig.Backend.Binary(BinaryOp.Sub, x, Strides.Dense(10), y, Strides.Dense(10), x, rows: 10, columns: 10);
            rig.Backend.Scale(x, Strides.Dense(10), factor: -3, x, rows: 10, columns: 10);
            return rig.Get(x, 100);
        })
        { Scale = 1 };
    }

    private static float[] Inputs(Activation kind, int count)
    {
        float[] values = Normal(count, seed: 10, deviation: 3);
        return kind is Activation.Sqrt or Activation.Log or Activation.Pow ? [.. values.Select(x => MathF.Abs(x) + 1e-3f)] : values;
    }

    private static KernelCase Activate(string name, Activation kind, float[] x) => new(name, rig =>
    {
        var y = rig.Put(Normal(x.Length, seed: 13));
        rig.Backend.Activate(kind, rig.Put(x), y, x.Length, alpha: 0.3f);
        return rig.Get(y, x.Length);
    })
    { Scale = kind == Activation.Gelu ? 0.1 : kind == Activation.Tanh ? 0.1 : 1e-6 };

    private static KernelCase ActivateBackward(Activation kind, float[] x) => new($"ActivateBackward {kind} {x.Length}", rig =>
    {
        var outputs = new List<float>();
        float[] dY = Normal(x.Length, seed: 14);
        foreach (bool accumulate in OffOn)
        {
            Storage xs = rig.Put(x), y = rig.Backend.Allocate(x.Length), dX = rig.Put(Normal(x.Length, seed: 15));
            rig.Backend.Activate(kind, xs, y, x.Length, alpha: 0.3f);
            rig.Backend.ActivateBackward(kind, xs, y, rig.Put(dY), dX, x.Length, alpha: 0.3f, accumulate);
            outputs.AddRange(rig.Get(dX, x.Length));
        }
        return [.. outputs];
    })
    { Scale = 1 };

    // What is not a number, on either side: every corner as x with every one of these as dY.
    private static KernelCase BackwardOfCorners(Activation kind) => new($"ActivateBackward {kind} corners", rig =>
    {
        float[] gradients = [1, -2, 0, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        float[] x = [.. gradients.SelectMany(_ => Corners)], dY = [.. gradients.SelectMany(g => Corners.Select(_ => g))];
        Storage xs = rig.Put(x), y = rig.Backend.Allocate(x.Length), dX = rig.Backend.Allocate(x.Length);
        rig.Backend.Activate(kind, xs, y, x.Length, alpha: 0.3f);
        rig.Backend.ActivateBackward(kind, xs, y, rig.Put(dY), dX, x.Length, alpha: 0.3f);
        return rig.Get(dX, x.Length);
    });

    // Every corner as a with every one of these as b.
    private static KernelCase BinaryOfCorners(BinaryOp op) => new($"Binary {op} corners", rig =>
    {
        float[] others = [1, -20, 0, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        float[] a = [.. others.SelectMany(_ => Corners)], b = [.. others.SelectMany(other => Corners.Select(_ => other))];
        var y = rig.Backend.Allocate(a.Length);
        var dense = Strides.Dense(a.Length);
        rig.Backend.Binary(op, rig.Put(a), dense, rig.Put(b), dense, y, rows: 1, columns: a.Length);
        return rig.Get(y, a.Length);
    });

    // Same shape, a row, a column or one value broadcast, on either side, and an operand read transposed.
    private static KernelCase Binary(BinaryOp op, int rows, int columns, bool accumulate) =>
        new($"Binary {op} {rows}x{columns}{(accumulate ? " accumulate" : "")}", rig =>
        {
            var outputs = new List<float>();
            float[] a = Normal(rows * columns, seed: 16),
                b = [.. Normal(rows * columns, seed: 17).Select(x => MathF.CopySign(MathF.Abs(x) + 0.25f, x))];
            Strides dense = Strides.Dense(columns), row = new(Row: 0, Column: 1), column = new(Row: 1, Column: 0), one = new(0, 0),
                transposed = new(1, rows);
            (Strides, Strides)[] pairs =
                [(dense, dense), (dense, row), (row, dense), (dense, column), (column, dense), (dense, one), (one, dense), (column, row),
                    (transposed, dense), (one, one)];
            foreach (var (aStrides, bStrides) in pairs)
            {
                var y = rig.Put(Normal(rows * columns, seed: 18));
                rig.Backend.Binary(op, rig.Put(a), aStrides, rig.Put(b), bStrides, y, rows, columns, accumulate);
                outputs.AddRange(rig.Get(y, rows * columns));
            }
            return [.. outputs];
        })
        { Scale = 1 };

    private static KernelCase Scale(int rows, int columns, bool accumulate) =>
        new($"Scale {rows}x{columns}{(accumulate ? " accumulate" : "")}", rig =>
        {
            var outputs = new List<float>();
            float[] x = Normal(rows * columns, seed: 19);
            Strides[] all = [Strides.Dense(columns), new(Row: 0, Column: 1), new(Row: 1, Column: 0), new(Row: 0, Column: 0),
                new(Row: 1, Column: rows)];
            foreach (var strides in all)
            {
                var y = rig.Put(Normal(rows * columns, seed: 20));
                rig.Backend.Scale(rig.Put(x), strides, factor: -0.7f, y, rows, columns, accumulate);
                outputs.AddRange(rig.Get(y, rows * columns));
            }
            return [.. outputs];
        })
        { Scale = 1 };

    private static IEnumerable<KernelCase> Reductions()
    {
        (int, int)[] shapes = [.. Matrices, (1, 784), (784, 1), (1000, 33), (3, 20_000)];
        foreach (var (rows, columns) in shapes)
        {
            foreach (var axis in Enum.GetValues<Axis>())
                yield return new($"Sum {axis} {rows}x{columns}", rig =>
                {
                    int count = axis switch { Axis.Rows => columns, Axis.Columns => rows, _ => 1 };
                    var outputs = new List<float>();
                    foreach (bool accumulate in OffOn)
                    {
                        var y = rig.Put(Normal(count, seed: 21));
                        rig.Backend.Sum(axis, rig.Put(Normal(rows * columns, seed: 22)), y, rows, columns,
                            factor: rig.Absolute ? 0.25f : -0.25f, accumulate);
                        outputs.AddRange(rig.Get(y, count));
                    }
                    return [.. outputs];
                })
                { ScaleFromTerms = true, Tolerance = 2e-6 };

            // Few distinct values, so that ties are common; every fifth row has NaNs.
            float[] x = [.. Normal(rows * columns, seed: 23).Select((value, i) =>
                i / columns % 5 == 4 && i % 3 == 1 ? float.NaN : MathF.Round(value))];
            int[] labels = [.. Enumerable.Range(0, rows).Select(r => r * 3 % columns)];
            yield return new($"ArgMax {rows}x{columns}", rig =>
            {
                Storage logits = rig.Put(x), y = rig.Backend.Allocate(rows), counts = rig.Put([7, 7, 7]);
                rig.Backend.ArgMax(logits, y, rows, columns);
                rig.Backend.CountCorrect(logits, rig.Put(labels), rows, columns, counts, index: 1);
                return [.. rig.GetInts(y, rows), .. rig.GetInts(counts, 3)];
            })
            { Tolerance = 0 };
        }
        yield return new("ArgMax of infinities", rig =>
        {
            float[] x =
            [
                float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, 1, float.PositiveInfinity, float.NaN,
                float.PositiveInfinity, 2, float.PositiveInfinity, float.NegativeInfinity, -3.4e38f, float.NegativeInfinity,
            ];
            var y = rig.Backend.Allocate(4);
            rig.Backend.ArgMax(rig.Put(x), y, rows: 4, columns: 3);
            return rig.GetInts(y, 4);
        })
        { Tolerance = 0 };
    }
}
