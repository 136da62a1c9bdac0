using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

// Lanes: neighbouring elements. Tail: the last count % Count elements by StoreFirst; what Load reads past the end is not stored.
internal sealed unsafe partial class SimdBackend<T>
{
    internal override void Binary(BinaryOp op, Storage a, Strides aStrides, Storage b, Strides bStrides, Storage y, int rows, int columns,
        bool accumulate = false)
    {
        float* left = Cells(a), right = Cells(b), to = Cells(y);
        switch (op)
        {
            case BinaryOp.Add: Combine(default(VectorAdd), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            case BinaryOp.Sub: Combine(default(VectorSub), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            case BinaryOp.Mul: Combine(default(VectorMul), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            case BinaryOp.Div: Combine(default(VectorDiv), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            case BinaryOp.Equal: Combine(default(VectorEqual), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            case BinaryOp.Greater: Combine(default(VectorGreater), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            case BinaryOp.Where: Combine(default(VectorWhere), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            case BinaryOp.Unless: Combine(default(VectorUnless), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            default: throw new ArgumentOutOfRangeException(nameof(op), op, $"Binary: op is {op}; needs one that has a vector form here");
        }
        KeepAlive(a, b, y);
    }

    internal override void Scale(Storage x, Strides xStrides, float factor, Storage y, int rows, int columns, bool accumulate = false)
    {
        Combine(default(VectorMul), Cells(x), xStrides, &factor, new Strides(0, 0), Cells(y), rows, columns, accumulate);
        KeepAlive(x, y);
    }

    // y[r, c] (+)= a[r, c] ∘ b[r, c]. Dense (or wholly broadcast) operands make one long row of the matrix.
    private static void Combine<TOp>(TOp op, float* a, Strides aStrides, float* b, Strides bStrides, float* y, int rows, int columns,
        bool accumulate)
        where TOp : struct, IVectorBinary
    {
        if (rows == 0 || columns == 0)
            return; // an empty operand has no first cell to repeat
        if (IsOneRow(aStrides, columns) && IsOneRow(bStrides, columns))
        {
            if (columns == 1)
                (aStrides, bStrides) = (new(0, aStrides.Row), new(0, bStrides.Row));
            (rows, columns) = (1, rows * columns);
        }
        for (int r = 0; r < rows; r++)
            CombineRow(op, a + (nint)r * aStrides.Row, aStrides.Column, b + (nint)r * bStrides.Row, bStrides.Column, y + (nint)r * columns,
                columns, accumulate);
    }

    private static bool IsOneRow(Strides strides, int columns) =>
        strides == Strides.Dense(columns) || strides == default || columns == 1;

    // Neighbours in memory, one value for all, or a column read with a stride; the common cases have loops of their own.
    private static void CombineRow<TOp>(TOp op, float* a, int aStep, float* b, int bStep, float* y, int columns, bool accumulate)
        where TOp : struct, IVectorBinary
    {
        if (aStep == 1 && bStep == 1)
            CombineDense(op, a, b, y, columns, accumulate);
        else if (aStep == 1 && bStep == 0)
            CombineWithOne(op, a, *b, y, columns, accumulate);
        else
            CombineStrided(op, a, aStep, b, bStep, y, columns, accumulate);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void CombineDense<TOp>(TOp op, float* a, float* b, float* y, int columns, bool accumulate)
        where TOp : struct, IVectorBinary
    {
        for (int c = 0; c < columns; c += T.Count)
        {
            T value = op.Value(T.Load(a + c), T.Load(b + c));
            (accumulate ? value + T.Load(y + c) : value).StoreFirst(y + c, Math.Min(T.Count, columns - c));
        }
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void CombineWithOne<TOp>(TOp op, float* a, float b, float* y, int columns, bool accumulate)
        where TOp : struct, IVectorBinary
    {
        T all = T.All(b);
        for (int c = 0; c < columns; c += T.Count)
        {
            T value = op.Value(T.Load(a + c), all);
            (accumulate ? value + T.Load(y + c) : value).StoreFirst(y + c, Math.Min(T.Count, columns - c));
        }
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void CombineStrided<TOp>(TOp op, float* a, int aStep, float* b, int bStep, float* y, int columns, bool accumulate)
        where TOp : struct, IVectorBinary
    {
        T aAll = T.All(*a), bAll = T.All(*b);
        float* strided = stackalloc float[2 * T.Count];
        for (int c = 0; c < columns; c += T.Count)
        {
            int lanes = Math.Min(T.Count, columns - c);
            T left = aStep == 1 ? T.Load(a + c) : aStep == 0 ? aAll : Strided(a + (nint)c * aStep, aStep, lanes, strided);
            T right = bStep == 1 ? T.Load(b + c) : bStep == 0 ? bAll : Strided(b + (nint)c * bStep, bStep, lanes, strided + T.Count);
            T value = op.Value(left, right);
            (accumulate ? value + T.Load(y + c) : value).StoreFirst(y + c, lanes);
        }
    }

    private static T Strided(float* from, int step, int lanes, float* line)
    {
        for (int i = 0; i < lanes; i++)
            line[i] = from[(nint)i * step];
        return T.Load(line);
    }

    private interface IVectorBinary
    {
        T Value(T a, T b);
    }

    private readonly struct VectorAdd : IVectorBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Value(T a, T b) => a + b;
    }

    private readonly struct VectorSub : IVectorBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Value(T a, T b) => a - b;
    }

    private readonly struct VectorMul : IVectorBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Value(T a, T b) => a * b;
    }

    private readonly struct VectorDiv : IVectorBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Value(T a, T b) => a / b;
    }

    // Numbers are equal where neither is less; a NaN is never less, so NaNs are looked at first.
    private readonly struct VectorEqual : IVectorBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Value(T a, T b)
        {
            T numbers = T.IfLess(a, b, T.Zero, T.IfLess(b, a, T.Zero, T.All(1)));
            T one = T.Select(T.IsNaN(b), T.All(1), T.Zero);
            return T.Select(T.IsNaN(a), one, T.Select(T.IsNaN(b), T.Zero, numbers));
        }
    }

    private readonly struct VectorGreater : IVectorBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Value(T a, T b) => T.IfLess(b, a, T.All(1), T.Zero);
    }

    // b is 0 if |b| < Epsilon, the smallest float above 0; a NaN is not.
    private readonly struct VectorWhere : IVectorBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Value(T a, T b) => T.IfLess(T.Abs(b), T.All(float.Epsilon), T.Zero, a);
    }

    private readonly struct VectorUnless : IVectorBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Value(T a, T b) => T.IfLess(T.Abs(b), T.All(float.Epsilon), a, T.Zero);
    }
}
