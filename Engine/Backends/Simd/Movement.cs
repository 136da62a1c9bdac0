using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

internal sealed unsafe partial class SimdBackend<T>
{
    public override void Transpose(Storage x, Storage y, int rows, int columns)
    {
        Transposition.Run(Cells(x), rowStep: columns, Cells(y), columnStep: rows, rows, columns);
        KeepAlive(x, y);
    }

    public override void GatherRows(Storage source, Storage order, int start, int count, int rowLength, Storage target)
    {
        float* from = Cells(source), to = Cells(target);
        int* rows = IntCells(order) + start;
        if (rowLength == 1)
        {
            for (int r = 0; r < count; r++)
                to[r] = from[rows[r]];
        }
        else
        {
            for (int r = 0; r < count; r++)
                Unsafe.CopyBlockUnaligned(to + (nint)r * rowLength, from + (nint)rows[r] * rowLength, (uint)rowLength * sizeof(float));
            ReadAhead.Current->Plan(from, rows + count, Math.Min(count, order.Length - start - count), rowLength * sizeof(float));
        }
        KeepAlive(source, order, target);
    }

    public override void GatherBytes(Storage source, Storage table, Storage order, int start, int count, int rowLength, Storage target)
    {
        byte* from = (byte*)Cells(source);
        float* to = Cells(target);
        int* rows = IntCells(order) + start;
        ByteTable.Look(from, rows, count, rowLength, Cells(table), to);
        ReadAhead.Current->Plan(from, rows + count, Math.Min(count, order.Length - start - count), rowLength);
        KeepAlive(source, table, order, target);
    }
}

/// <summary>
/// y[c·columnStep + r] = x[r·rowStep + c]: squares of 8×8 in AVX registers, of 4×4 in 128-bit ones. The last square of a row or column ends at
/// the edge and so writes some cells twice; a matrix narrower than a square goes one by one.
/// </summary>
internal static unsafe class Transposition
{
    [MethodImpl(AggressiveOptimization | NoInlining)]
    public static void Run(float* x, nint rowStep, float* y, nint columnStep, int rows, int columns)
    {
        int square = Avx.IsSupported ? 8 : 4;
        if (rows < square || columns < square || !Vector128.IsHardwareAccelerated)
        {
            OneByOne(x, rowStep, y, columnStep, rows, columns);
            return;
        }
        for (int r = 0; r < rows; r += square)
        {
            int row = Math.Min(r, rows - square);
            for (int c = 0; c < columns; c += square)
            {
                int column = Math.Min(c, columns - square);
                if (Avx.IsSupported)
                    Square8(x + row * rowStep + column, rowStep, y + column * columnStep + row, columnStep);
                else
                    Square4(x + row * rowStep + column, rowStep, y + column * columnStep + row, columnStep);
            }
        }
    }

    private static void OneByOne(float* x, nint rowStep, float* y, nint columnStep, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                y[c * columnStep + r] = x[r * rowStep + c];
    }

    // Rows r and r + 4 share a register from the start, so that three rounds of shuffles inside 128-bit halves are enough.
    [MethodImpl(AggressiveInlining)]
    private static void Square8(float* x, nint rowStep, float* y, nint columnStep)
    {
        float* lower = x + 4 * rowStep;
        var a0 = Vector256.Create(Vector128.Load(x), Vector128.Load(lower));
        var a1 = Vector256.Create(Vector128.Load(x + rowStep), Vector128.Load(lower + rowStep));
        var a2 = Vector256.Create(Vector128.Load(x + 2 * rowStep), Vector128.Load(lower + 2 * rowStep));
        var a3 = Vector256.Create(Vector128.Load(x + 3 * rowStep), Vector128.Load(lower + 3 * rowStep));
        Columns4(a0, a1, a2, a3, y, columnStep);
        x += 4;
        lower += 4;
        a0 = Vector256.Create(Vector128.Load(x), Vector128.Load(lower));
        a1 = Vector256.Create(Vector128.Load(x + rowStep), Vector128.Load(lower + rowStep));
        a2 = Vector256.Create(Vector128.Load(x + 2 * rowStep), Vector128.Load(lower + 2 * rowStep));
        a3 = Vector256.Create(Vector128.Load(x + 3 * rowStep), Vector128.Load(lower + 3 * rowStep));
        Columns4(a0, a1, a2, a3, y + 4 * columnStep, columnStep);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Columns4(Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3, float* y, nint columnStep)
    {
        Vector256<float> low01 = Avx.UnpackLow(a0, a1), high01 = Avx.UnpackHigh(a0, a1);
        Vector256<float> low23 = Avx.UnpackLow(a2, a3), high23 = Avx.UnpackHigh(a2, a3);
        Avx.Shuffle(low01, low23, 0b01_00_01_00).Store(y);
        Avx.Shuffle(low01, low23, 0b11_10_11_10).Store(y + columnStep);
        Avx.Shuffle(high01, high23, 0b01_00_01_00).Store(y + 2 * columnStep);
        Avx.Shuffle(high01, high23, 0b11_10_11_10).Store(y + 3 * columnStep);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Square4(float* x, nint rowStep, float* y, nint columnStep)
    {
        Vector128<float> r0 = Vector128.Load(x), r1 = Vector128.Load(x + rowStep), r2 = Vector128.Load(x + 2 * rowStep), r3 = Vector128.Load(x + 3 * rowStep);
        for (int c = 0; c < 4; c++)
            Vector128.Create(r0[c], r1[c], r2[c], r3[c]).Store(y + c * columnStep);
    }
}
