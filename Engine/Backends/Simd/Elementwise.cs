using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

// Lanes: neighbouring elements. Tail: the last count % Count elements by StoreFirst; what Load reads past the end is not stored.
internal sealed unsafe partial class SimdBackend<T>
{
    public override void Activate(Activation kind, Storage x, Storage y, int count, float alpha = 0)
    {
        float* from = Cells(x), to = Cells(y);
        switch (kind)
        {
            case Activation.Relu: Map(default(Relu), from, to, count); break;
            case Activation.LeakyRelu: Map(new LeakyRelu(alpha), from, to, count); break;
            case Activation.Sigmoid: Map(default(Sigmoid), from, to, count); break;
            case Activation.Tanh: Map(default(Tanh), from, to, count); break;
            case Activation.Elu: Map(new Elu(alpha), from, to, count); break;
            case Activation.Gelu: Map(default(Gelu), from, to, count); break;
            case Activation.Softplus: Map(default(Softplus), from, to, count); break;
            case Activation.Exp: Map(default(Exponential), from, to, count); break;
            case Activation.Abs: Map(default(Absolute), from, to, count); break;
            case Activation.Square: Map(default(Square), from, to, count); break;
            case Activation.Sqrt: Map(default(SquareRoot), from, to, count); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an activation this backend knows.");
        }
        KeepAlive(x, y);
    }

    public override void ActivateBackward(Activation kind, Storage x, Storage y, Storage dY, Storage dX, int count, float alpha = 0,
        bool accumulate = false)
    {
        float* xs = Cells(x), ys = Cells(y), from = Cells(dY), to = Cells(dX);
        switch (kind)
        {
            case Activation.Relu: MapBackward(default(Relu), xs, ys, from, to, count, accumulate); break;
            case Activation.LeakyRelu: MapBackward(new LeakyRelu(alpha), xs, ys, from, to, count, accumulate); break;
            case Activation.Sigmoid: MapBackward(default(Sigmoid), xs, ys, from, to, count, accumulate); break;
            case Activation.Tanh: MapBackward(default(Tanh), xs, ys, from, to, count, accumulate); break;
            case Activation.Elu: MapBackward(new Elu(alpha), xs, ys, from, to, count, accumulate); break;
            case Activation.Gelu: MapBackward(default(Gelu), xs, ys, from, to, count, accumulate); break;
            case Activation.Softplus: MapBackward(default(Softplus), xs, ys, from, to, count, accumulate); break;
            case Activation.Exp: MapBackward(default(Exponential), xs, ys, from, to, count, accumulate); break;
            case Activation.Abs: MapBackward(default(Absolute), xs, ys, from, to, count, accumulate); break;
            case Activation.Square: MapBackward(default(Square), xs, ys, from, to, count, accumulate); break;
            case Activation.Sqrt: MapBackward(default(SquareRoot), xs, ys, from, to, count, accumulate); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an activation this backend knows.");
        }
        KeepAlive(x, y, dY, dX);
    }

    // y[i] = f(x[i])
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Map<TActivation>(TActivation f, float* x, float* y, int count)
        where TActivation : struct, IActivation
    {
        for (int i = 0; i < count; i += T.Count)
            f.Value(T.Load(x + i)).StoreFirst(y + i, Math.Min(T.Count, count - i));
    }

    // dX[i] (+)= dY[i]·f'(x[i])
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void MapBackward<TActivation>(TActivation f, float* x, float* y, float* dY, float* dX, int count, bool accumulate)
        where TActivation : struct, IActivation
    {
        for (int i = 0; i < count; i += T.Count)
        {
            int lanes = Math.Min(T.Count, count - i);
            T gradient = f.Gradient(T.Load(x + i), T.Load(y + i), T.Load(dY + i));
            if (accumulate)
                gradient += T.Load(dX + i);
            gradient.StoreFirst(dX + i, lanes);
        }
    }

    public override void Binary(BinaryOp op, Storage a, Strides aStrides, Storage b, Strides bStrides, Storage y, int rows, int columns,
        bool accumulate = false)
    {
        float* left = Cells(a), right = Cells(b), to = Cells(y);
        switch (op)
        {
            case BinaryOp.Add: Combine(default(Add), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            case BinaryOp.Sub: Combine(default(Subtract), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            case BinaryOp.Mul: Combine(default(Multiply), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            case BinaryOp.Div: Combine(default(Divide), left, aStrides, right, bStrides, to, rows, columns, accumulate); break;
            default: throw new ArgumentOutOfRangeException(nameof(op), op, "Not an operation this backend knows.");
        }
        KeepAlive(a, b, y);
    }

    public override void Scale(Storage x, Strides xStrides, float factor, Storage y, int rows, int columns, bool accumulate = false)
    {
        Combine(default(Multiply), Cells(x), xStrides, &factor, new Strides(0, 0), Cells(y), rows, columns, accumulate);
        KeepAlive(x, y);
    }

    // y[r, c] (+)= a[r, c] ∘ b[r, c]. Dense (or wholly broadcast) operands make one long row of the matrix.
    private static void Combine<TOp>(TOp op, float* a, Strides aStrides, float* b, Strides bStrides, float* y, int rows, int columns, bool accumulate)
        where TOp : struct, IBinary
    {
        if (IsOneRow(aStrides, columns) && IsOneRow(bStrides, columns))
        {
            if (columns == 1)
                (aStrides, bStrides) = (new(0, aStrides.Row), new(0, bStrides.Row));
            (rows, columns) = (1, rows * columns);
        }
        for (int r = 0; r < rows; r++)
            CombineRow(op, a + (nint)r * aStrides.Row, aStrides.Column, b + (nint)r * bStrides.Row, bStrides.Column, y + (nint)r * columns, columns, accumulate);
    }

    private static bool IsOneRow(Strides strides, int columns) =>
        strides == Strides.Dense(columns) || strides == default || columns == 1;

    // Neighbours in memory, one value for all, or a column read with a stride; the common cases have loops of their own.
    private static void CombineRow<TOp>(TOp op, float* a, int aStep, float* b, int bStep, float* y, int columns, bool accumulate)
        where TOp : struct, IBinary
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
        where TOp : struct, IBinary
    {
        for (int c = 0; c < columns; c += T.Count)
        {
            T value = op.Apply(T.Load(a + c), T.Load(b + c));
            (accumulate ? value + T.Load(y + c) : value).StoreFirst(y + c, Math.Min(T.Count, columns - c));
        }
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void CombineWithOne<TOp>(TOp op, float* a, float b, float* y, int columns, bool accumulate)
        where TOp : struct, IBinary
    {
        T all = T.All(b);
        for (int c = 0; c < columns; c += T.Count)
        {
            T value = op.Apply(T.Load(a + c), all);
            (accumulate ? value + T.Load(y + c) : value).StoreFirst(y + c, Math.Min(T.Count, columns - c));
        }
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void CombineStrided<TOp>(TOp op, float* a, int aStep, float* b, int bStep, float* y, int columns, bool accumulate)
        where TOp : struct, IBinary
    {
        T aAll = T.All(*a), bAll = T.All(*b);
        float* strided = stackalloc float[2 * T.Count];
        for (int c = 0; c < columns; c += T.Count)
        {
            int lanes = Math.Min(T.Count, columns - c);
            T left = aStep == 1 ? T.Load(a + c) : aStep == 0 ? aAll : Strided(a + (nint)c * aStep, aStep, lanes, strided);
            T right = bStep == 1 ? T.Load(b + c) : bStep == 0 ? bAll : Strided(b + (nint)c * bStep, bStep, lanes, strided + T.Count);
            T value = op.Apply(left, right);
            (accumulate ? value + T.Load(y + c) : value).StoreFirst(y + c, lanes);
        }
    }

    private static T Strided(float* from, int step, int lanes, float* line)
    {
        for (int i = 0; i < lanes; i++)
            line[i] = from[(nint)i * step];
        return T.Load(line);
    }

    private interface IBinary
    {
        T Apply(T a, T b);
    }

    private readonly struct Add : IBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Apply(T a, T b) => a + b;
    }

    private readonly struct Subtract : IBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Apply(T a, T b) => a - b;
    }

    private readonly struct Multiply : IBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Apply(T a, T b) => a * b;
    }

    private readonly struct Divide : IBinary
    {
        [MethodImpl(AggressiveInlining)]
        public T Apply(T a, T b) => a / b;
    }
}
