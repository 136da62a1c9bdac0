using NativeNN.Random;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>Inputs for a case beside its own: other sizes, and numbers where formulas break.</summary>
internal static class CaseInputs
{
    private const int MostSizes = 70; // more than two of the widest vectors, and no multiple of one

    private static readonly float[] Corners =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, .. new[]
        {
            0, float.Epsilon, 1e-39f, 1.17549435e-38f, 1e-20f, 1e-8f, 1e-4f, 0.5f, 1, 2, 4, 10, 16, 20, 20.000002f, 50, 87, 88.7f, 89, 103,
            104, 1e4f, 1e19f, float.MaxValue,
        }.SelectMany(x => new[] { x, -x }),
    ];

    /// <summary>The case in other sizes: each size is replaced by a random one, equal sizes by equal ones; 1 and fixed ones stay.</summary>
    public static OpCase Resized(OpCase opCase, Counterpart counterpart, Generator random)
    {
        var sizes = new Dictionary<int, int>();
        foreach (int size in opCase.InputShapes.SelectMany(shape => shape.ToArray()))
            if (size == 1 || counterpart.FixedSizes.Contains(size))
                sizes[size] = size;
            else if (!sizes.ContainsKey(size))
                sizes.Add(size, (int)random.RandInt(counterpart.OnlyGrows ? size : 1, MostSizes));
        Shape[] shapes = [.. opCase.InputShapes.Select(shape => Shape.Of([.. shape.ToArray().Select(size => sizes[size])]))];
        return new(opCase.Name, shapes, opCase.Build) { Low = opCase.Low, High = opCase.High, Kink = opCase.Kink };
    }

    /// <summary>Inputs of the case's shapes with corners in them: anywhere where each element is for itself, else some in a row.</summary>
    public static Tensor[] WithCorners(OpCase opCase, Counterpart counterpart, Generator random) =>
    [.. opCase.InputShapes.Select((shape, input) =>
    {
        var values = new float[shape.Length];
        bool ordinary = counterpart.OrdinaryInputs.Contains(input);
        random.Uniform(values, ordinary ? 0 : -8, ordinary ? 1 : 8);
        if (ordinary)
            return Tensor.From(values, shape).WithGrad();
        if (counterpart.Elementwise)
            foreach (ref float value in values.AsSpan())
                value = random.RandInt(0, 4) == 0 ? value : Corners[random.RandInt(0, Corners.Length)];
        else
            for (int row = 0; row < shape.Rows; row++)
                ChangeRow(values.AsSpan(row * shape.Columns, shape.Columns), random);
        return Tensor.From(values, shape).WithGrad();
    })];

    private static void ChangeRow(Span<float> row, Generator random)
    {
        if (row.IsEmpty)
            return;
        ref float one = ref row[(int)random.RandInt(0, row.Length)];
        switch (random.RandInt(0, 10))
        {
            case 0:
                one = float.PositiveInfinity;
                break;
            case 1:
                one = float.NegativeInfinity;
                break;
            case 2:
                one = float.NaN;
                break;
            case 3:
                one = 1000; // its exponential is infinite
                break;
            case 4:
                row.Fill(float.NegativeInfinity);
                break;
            case 5:
                row.Fill(0);
                break;
            case 6:
                row.Fill(-0f);
                break;
            case 7:
                (row[0], row[^1]) = (9, 9); // the largest twice
                break;
        }
    }
}
