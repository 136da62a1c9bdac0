using ILGPU;

namespace NativeNN.Gpu.Kernels;

/// <summary>Sums along an axis, and the largest of a row.</summary>
internal static class Reductions
{
    /// <summary>Columns that a group of SumRows takes.</summary>
    public const int ColumnsPerGroup = 32;

    /// <summary>
    /// y[c] (+)= factor · Σ over rows x[r, c]. A group takes 32 columns and every Grid.DimY-th slice of the rows; y holds one row of
    /// partial sums per slice, and a second launch with those as x finishes the job. A launch of one slice needs no second.
    /// </summary>
    public static void SumRows(ArrayView<float> x, ArrayView<float> y, int rows, int columns, float factor, int accumulate)
    {
        const int rowsPerGroup = ThreadGrid.PerGroup / ColumnsPerGroup;
        var scratch = Groups.Scratch;
        int lane = Group.IdxX % ColumnsPerGroup, c = Grid.IdxX * ColumnsPerGroup + lane;
        float sum = 0, carry = 0;
        if (c < columns)
            for (int r = Grid.IdxY * rowsPerGroup + Group.IdxX / ColumnsPerGroup; r < rows; r += Grid.DimY * rowsPerGroup)
                (sum, carry) = Groups.AddCarefully(sum, carry, x[r * columns + c]);
        scratch[Group.IdxX] = sum;
        ThreadGrid.Barrier();
        Groups.AddDown(scratch, to: ColumnsPerGroup);
        if (Group.IdxX < ColumnsPerGroup && c < columns)
            ThreadGrid.Put(y, Grid.IdxY * columns + c, factor * scratch[lane], accumulate);
    }

    /// <summary>y[r] (+)= factor · Σ over columns x[r, c].</summary>
    public static void SumColumns<TRow>(ArrayView<float> x, ArrayView<float> y, int rows, int columns, float factor, int accumulate)
        where TRow : struct, IRowThreads
    {
        var scratch = Groups.Scratch;
        int perGroup = ThreadGrid.PerGroup / TRow.Lanes, lane = Group.IdxX % TRow.Lanes;
        for (int first = Grid.IdxX * perGroup; first < rows; first += Grid.DimX * perGroup)
        {
            int r = first + Group.IdxX / TRow.Lanes, end = r < rows ? columns : 0; // no return: the others wait at the barriers
            float sum = 0, carry = 0;
            for (int c = lane; c < end; c += TRow.Lanes)
                (sum, carry) = Groups.AddCarefully(sum, carry, x[r * columns + c]);
            sum = TRow.Sum(sum, scratch);
            if (r < rows && lane == 0)
                ThreadGrid.Put(y, r, factor * sum, accumulate);
        }
    }

    /// <summary>
    /// y[group] (+)= factor · the group's share of Σ x. One group gives the sum; many give partial sums for a second launch.
    /// </summary>
    public static void SumAll(ArrayView<float> x, ArrayView<float> y, int count, float factor, int accumulate)
    {
        float sum = 0, carry = 0;
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
            (sum, carry) = Groups.AddCarefully(sum, carry, x[i]);
        sum = Groups.Sum(sum, Groups.Scratch);
        if (Group.IdxX == 0)
            ThreadGrid.Put(y, Grid.IdxX, factor * sum, accumulate);
    }

    /// <summary>y[r] = index of the largest of row r. Rows are as short as there are classes, so one thread walks each.</summary>
    public static void ArgMax(ArrayView<float> x, ArrayView<int> y, int rows, int columns)
    {
        for (int r = ThreadGrid.First; r < rows; r += ThreadGrid.All)
            y[r] = ArgMaxOf(x, r * columns, columns);
    }

    /// <summary>counts[index] = rows r with argmax(logits[r]) = labels[r]. One group does it all: no second launch, no atomics.</summary>
    public static void CountCorrect(ArrayView<float> logits, ArrayView<int> labels, int rows, int columns, ArrayView<int> counts, int index)
    {
        float correct = 0; // exact: there are fewer than 2^24 rows in a batch
        for (int r = Group.IdxX; r < rows; r += ThreadGrid.PerGroup)
            correct += ArgMaxOf(logits, r * columns, columns) == labels[r] ? 1f : 0f;
        correct = Groups.Sum(correct, Groups.Scratch);
        if (Group.IdxX == 0)
            counts[index] = (int)correct;
    }

    // The first of the largest; a NaN beats everything and the first NaN stays, as in torch.argmax.
    private static int ArgMaxOf(ArrayView<float> x, int start, int columns)
    {
        int best = 0;
        float largest = x[start];
        for (int c = 1; c < columns && !float.IsNaN(largest); c++)
        {
            float value = x[start + c];
            if (value > largest || float.IsNaN(value))
            {
                best = c;
                largest = value;
            }
        }
        return best;
    }
}
