using ILGPU;
using NativeNN.Backends;

namespace NativeNN.Gpu.Kernels;

/// <summary>
/// One value in, one value out; the formulas are the engine's own (Backends/Scalar). Which of them is an argument: the branch is the same
/// for every thread, and memory is what limits these.
/// </summary>
internal static class Elementwise
{
    /// <summary>y = f(x).</summary>
    public static void Activate(int kind, ArrayView<float> x, ArrayView<float> y, int count, float alpha)
    {
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
            y[i] = ScalarActivation.Value((Activation)kind, x[i], alpha);
    }

    /// <summary>dX (+)= dY ∘ f'(x), given x and y = f(x).</summary>
    public static void ActivateBackward(int kind, ArrayView<float> x, ArrayView<float> y, ArrayView<float> dY, ArrayView<float> dX,
        int count, float alpha, int accumulate)
    {
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
            ThreadGrid.Put(dX, i, ScalarActivation.Gradient((Activation)kind, x[i], y[i], dY[i], alpha), accumulate);
    }

    /// <summary>y[r, c] (+)= a ∘ b. A stride of 0 repeats the operand along that direction.</summary>
    public static void Binary(int op, ArrayView<float> a, int aRow, int aColumn, ArrayView<float> b, int bRow, int bColumn,
        ArrayView<float> y, int count, int columns, int accumulate)
    {
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
        {
            int r = i / columns, c = i - r * columns;
            ThreadGrid.Put(y, i, ScalarBinary.Value((BinaryOp)op, a[r * aRow + c * aColumn], b[r * bRow + c * bColumn]), accumulate);
        }
    }

    /// <summary>y[r, c] (+)= factor · x[r·xRow + c·xColumn].</summary>
    public static void Scale(ArrayView<float> x, int xRow, int xColumn, float factor, ArrayView<float> y, int count, int columns,
        int accumulate)
    {
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
        {
            int r = i / columns, c = i - r * columns;
            ThreadGrid.Put(y, i, factor * x[r * xRow + c * xColumn], accumulate);
        }
    }
}
