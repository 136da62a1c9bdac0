using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

internal sealed unsafe partial class SimdBackend<T>
{
    internal override void Transpose(Storage x, Storage y, int rows, int columns)
    {
        Transposition.Run(Cells(x), rowStep: columns, Cells(y), columnStep: rows, rows, columns);
        KeepAlive(x, y);
    }

    internal override void GatherRows(Storage source, Storage order, int start, int count, int rowLength, Storage target)
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
            FetchAhead(from, rows + count, Math.Min(count, order.Length - start - count), rowLength * sizeof(float));
        }
        KeepAlive(source, order, target);
    }

    internal override void GatherBytes(Storage source, Storage table, Storage order, int start, int count, int rowLength, Storage target)
    {
        var gather = new ByteGather
        {
            From = (byte*)Cells(source),
            Table = Cells(table),
            Rows = IntCells(order) + start,
            Count = count,
            NextCount = Math.Min(count, order.Length - start - count),
            RowLength = rowLength,
            To = Cells(target),
        };
        Share(count * rowLength, cellsWorthSharing: 10_000, &GatherBytesPart, &gather, out gather.Parts);
        KeepAlive(source, table, order, target);
    }

    private struct ByteGather
    {
        public byte* From;
        public float* Table, To;
        public int* Rows; // of this batch, then of the next
        public int Count, NextCount, RowLength, Parts;
    }

    private static void GatherBytesPart(void* state, int part)
    {
        ref readonly var gather = ref *(ByteGather*)state;
        var rows = new CellRange(0, gather.Count).Part(part, gather.Parts, unit: 1);
        ByteTable.Look(gather.From, gather.Rows + rows.Start, rows.Count, gather.RowLength, gather.Table,
            gather.To + (nint)rows.Start * gather.RowLength);
        // Into the caches of the core that will gather them, most likely.
        var next = new CellRange(0, gather.NextCount).Part(part, gather.Parts, unit: 1);
        FetchAhead(gather.From, gather.Rows + gather.Count + next.Start, next.Count, gather.RowLength);
    }

    // Asks for the rows that the next batch will gather, while this batch is computed: a shuffled batch comes from all over the memory, and
    // waiting for each row in turn would cost a fifth of a training step. All at once, so that the waits (and the translations of
    // addresses) overlap; between other instructions each would hold them up. Only a hint: whoever guesses wrong has fetched for nothing.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void FetchAhead(void* from, int* rows, int count, int rowBytes)
    {
        const int lineBytes = 64;
        if (!Sse.IsSupported)
            return;
        for (int r = 0; r < count; r++)
        {
            byte* row = (byte*)from + (nint)rows[r] * rowBytes;
            for (int at = 0; at < rowBytes; at += lineBytes)
                Sse.Prefetch0(row + at);
        }
    }
}

/// <summary>
/// y[c·columnStep + r] = x[r·rowStep + c]: squares of 16×16 in AVX-512 registers, of 8×8 in AVX ones, of 4×4 in 128-bit ones. The last
/// square of a row or column ends at the edge and so writes some cells twice; a matrix narrower than a square takes the next smaller one.
/// </summary>
internal static unsafe class Transposition
{
    [MethodImpl(AggressiveOptimization | NoInlining)]
    public static void Run(float* x, nint rowStep, float* y, nint columnStep, int rows, int columns)
    {
        int smaller = Math.Min(rows, columns);
        int square = Avx512F.IsSupported && smaller >= 16 ? 16 : Avx.IsSupported && smaller >= 8 ? 8
            : Sse.IsSupported || AdvSimd.Arm64.IsSupported ? 4 : int.MaxValue;
        if (smaller < square)
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
                float* from = x + row * rowStep + column, to = y + column * columnStep + row;
                if (square == 16)
                    Square16(from, rowStep, to, columnStep);
                else if (square == 8)
                    Square8(from, rowStep, to, columnStep);
                else
                    Square4(from, rowStep, to, columnStep);
            }
        }
    }

    private static void OneByOne(float* x, nint rowStep, float* y, nint columnStep, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                y[c * columnStep + r] = x[r * rowStep + c];
    }

    // Four rows at a time: their 4×4 squares are turned round inside the quarters of the registers. Then quarter q of four such registers,
    // one of each four rows, is column 4q + j of the whole.
    [MethodImpl(AggressiveInlining)]
    private static void Square16(float* x, nint rowStep, float* y, nint columnStep)
    {
        FourRows(x, rowStep, out var a0, out var a1, out var a2, out var a3);
        FourRows(x + 4 * rowStep, rowStep, out var b0, out var b1, out var b2, out var b3);
        FourRows(x + 8 * rowStep, rowStep, out var c0, out var c1, out var c2, out var c3);
        FourRows(x + 12 * rowStep, rowStep, out var d0, out var d1, out var d2, out var d3);
        FourColumns(a0, b0, c0, d0, y, 4 * columnStep);
        FourColumns(a1, b1, c1, d1, y + columnStep, 4 * columnStep);
        FourColumns(a2, b2, c2, d2, y + 2 * columnStep, 4 * columnStep);
        FourColumns(a3, b3, c3, d3, y + 3 * columnStep, 4 * columnStep);
    }

    [MethodImpl(AggressiveInlining)]
    private static void FourRows(float* x, nint rowStep, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2,
        out Vector512<float> c3)
    {
        Vector512<float> r0 = Vector512.Load(x), r1 = Vector512.Load(x + rowStep), r2 = Vector512.Load(x + 2 * rowStep),
            r3 = Vector512.Load(x + 3 * rowStep);
        Vector512<float> low01 = Avx512F.UnpackLow(r0, r1), high01 = Avx512F.UnpackHigh(r0, r1);
        Vector512<float> low23 = Avx512F.UnpackLow(r2, r3), high23 = Avx512F.UnpackHigh(r2, r3);
        c0 = Avx512F.Shuffle(low01, low23, 0b01_00_01_00);
        c1 = Avx512F.Shuffle(low01, low23, 0b11_10_11_10);
        c2 = Avx512F.Shuffle(high01, high23, 0b01_00_01_00);
        c3 = Avx512F.Shuffle(high01, high23, 0b11_10_11_10);
    }

    [MethodImpl(AggressiveInlining)]
    private static void FourColumns(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* y, nint step)
    {
        Vector512<float> lowAB = Avx512F.Shuffle4x128(a, b, 0b01_00_01_00), highAB = Avx512F.Shuffle4x128(a, b, 0b11_10_11_10);
        Vector512<float> lowCD = Avx512F.Shuffle4x128(c, d, 0b01_00_01_00), highCD = Avx512F.Shuffle4x128(c, d, 0b11_10_11_10);
        Avx512F.Shuffle4x128(lowAB, lowCD, 0b10_00_10_00).Store(y);
        Avx512F.Shuffle4x128(lowAB, lowCD, 0b11_01_11_01).Store(y + step);
        Avx512F.Shuffle4x128(highAB, highCD, 0b10_00_10_00).Store(y + 2 * step);
        Avx512F.Shuffle4x128(highAB, highCD, 0b11_01_11_01).Store(y + 3 * step);
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
    private static void Columns4(Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3, float* y,
        nint columnStep)
    {
        Vector256<float> low01 = Avx.UnpackLow(a0, a1), high01 = Avx.UnpackHigh(a0, a1);
        Vector256<float> low23 = Avx.UnpackLow(a2, a3), high23 = Avx.UnpackHigh(a2, a3);
        Avx.Shuffle(low01, low23, 0b01_00_01_00).Store(y);
        Avx.Shuffle(low01, low23, 0b11_10_11_10).Store(y + columnStep);
        Avx.Shuffle(high01, high23, 0b01_00_01_00).Store(y + 2 * columnStep);
        Avx.Shuffle(high01, high23, 0b11_10_11_10).Store(y + 3 * columnStep);
    }

    // Rows 0 and 2, and rows 1 and 3, are interleaved, then those: a, c, a, c, … and b, d, b, d, … make a, b, c, d.
    [MethodImpl(AggressiveInlining)]
    private static void Square4(float* x, nint rowStep, float* y, nint columnStep)
    {
        Vector128<float> r0 = Vector128.Load(x), r1 = Vector128.Load(x + rowStep), r2 = Vector128.Load(x + 2 * rowStep),
            r3 = Vector128.Load(x + 3 * rowStep);
        Vector128<float> low02 = ZipLow(r0, r2), low13 = ZipLow(r1, r3), high02 = ZipHigh(r0, r2), high13 = ZipHigh(r1, r3);
        ZipLow(low02, low13).Store(y);
        ZipHigh(low02, low13).Store(y + columnStep);
        ZipLow(high02, high13).Store(y + 2 * columnStep);
        ZipHigh(high02, high13).Store(y + 3 * columnStep);
    }

    [MethodImpl(AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Sse.UnpackLow(a, b);

    [MethodImpl(AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Sse.UnpackHigh(a, b);
}
