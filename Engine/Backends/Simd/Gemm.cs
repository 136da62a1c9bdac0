using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeNN.Backends.Simd;

// C = op(A)·op(B), in one of the four ways of GemmPlan. Threads take whole columns (or rows) of C each. The order of the additions depends
// on the shape alone, so the bits do not depend on the threads. It is the order of OpenBLAS 0.3.21 for AVX-512, with which the golden
// trainings were made: in dots sixteen partial sums, else blocks of k that are summed up in order and then added to C. Equal operands give
// PyTorch's bits.
internal sealed unsafe partial class SimdBackend<T>
{
    // A block of B (690 KB) and one of A (115 KB) stay in L2; a strip of B and a panel of A (14 KB) pass through L1.
    private const int BlockK = GemmPlan.BlockK, BlockM = 64, BlockN = 384;

    [ThreadStatic]
    private static HostStorage? packedA, packedB, transposedC;

    internal override void Gemm(bool transposeA, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k,
        bool accumulate = false, Storage? bias = null)
    {
        if (accumulate && bias is not null)
            Binary(BinaryOp.Add, c, Strides.Dense(n), bias, new Strides(0, 1), c, m, n);
        var call = new GemmCall
        {
            A = Cells(a),
            B = Cells(b),
            C = Cells(c),
            Start = accumulate ? Cells(c) : CellsOrNull(bias),
            RowStart = accumulate ? n : 0,
            TransposeA = transposeA,
            TransposeB = transposeB,
            M = m,
            N = n,
            K = k,
            Plan = GemmPlan.For(transposeA, transposeB, m, n, k, T.Count, Threads),
        };
        if (call.Plan.Parts == 1)
            Part(&call, 0);
        else
            WorkerPool.Shared.Run(call.Plan.Parts, &Part, &call);
        KeepAlive(a, b, c, bias);
    }

    private struct GemmCall
    {
        public float* A, B, C;

        /// <summary>What the first block of k is added to: C itself, or the bias (RowStart 0: one row for all), or null.</summary>
        public float* Start;
        public nint RowStart;
        public bool TransposeA, TransposeB;
        public int M, N, K;
        public GemmPlan Plan;

        /// <summary>A from element (i, p) on, read where it lies.</summary>
        public readonly Panel PanelOfA(int i, int p) =>
            TransposeA ? new Panel(A + (nint)p * M + i, row: 1, step: M) : new Panel(A + (nint)i * K + p, row: K, step: 1);

        public readonly float* CellOfC(int i, int j) => C + (nint)i * N + j;

        /// <summary>What the block of k from p on is added to at element (i, j), and the distance of its rows.</summary>
        public readonly float* StartAt(int i, int j, int p, out nint rowStart)
        {
            rowStart = p > 0 ? N : RowStart;
            return p > 0 ? CellOfC(i, j) : Start is null ? null : Start + i * RowStart + j;
        }
    }

    // Columns are shared if each part gets a register of them at least, else rows. A weight's gradient goes by rows: then each core
    // computes the cells that it updates next and multiplies by in the next step, and they stay in its cache.
    private static void Part(void* state, int part)
    {
        ref var call = ref *(GemmCall*)state;
        bool keepsRows = call.TransposeA && call.Plan.Way == GemmWay.Direct && call.M >= call.Plan.Parts * 8;
        bool byColumns = call.N >= call.Plan.Parts * 2 * T.Count && !keepsRows;
        var (rows, columns) = (new CellRange(0, call.M), new CellRange(0, call.N));
        if (byColumns)
            columns = columns.Part(part, call.Plan.Parts, unit: T.Count);
        else
            rows = rows.Part(part, call.Plan.Parts, unit: 8);
        if (rows.Count == 0 || columns.Count == 0)
            return;
        switch (call.Plan.Way)
        {
            case GemmWay.Dots:
                float* start = call.StartAt(rows.Start, columns.Start, p: 0, out nint rowStart);
                GemmDots<T>.Run(call.A + (nint)rows.Start * call.K, call.B + (nint)columns.Start * call.K,
                    call.CellOfC(rows.Start, columns.Start), rows.Count, columns.Count, call.K, rowC: call.N, start, rowStart);
                break;
            case GemmWay.Direct:
                Direct(call, rows, columns);
                break;
            case GemmWay.Swapped:
                Swapped(call, rows, columns);
                break;
            default:
                Packed(call, rows, columns);
                break;
        }
    }

    private static void Direct(in GemmCall call, CellRange rows, CellRange columns)
    {
        int p = 0;
        do
        {
            int k = call.Plan.LengthOfBlock(p, call.K);
            float* start = call.StartAt(rows.Start, columns.Start, p, out nint rowStart);
            Strips(call.PanelOfA(rows.Start, p), call.B + (nint)p * call.N + columns.Start, stepB: call.N,
                call.CellOfC(rows.Start, columns.Start), rowC: call.N, rows.Count, columns.Count, k, start, rowStart);
            p += k;
        }
        while (p < call.K);
    }

    // Each strip of columns stays in L1 while the rows of A pass by.
    private static void Strips(Panel a, float* b, nint stepB, float* c, nint rowC, int m, int n, int k, float* start, nint rowStart)
    {
        for (int j = 0; j < n;)
        {
            int registers = StripRegisters(n - j, packsA: false), lastLanes = Math.Min(n - j - (registers - 1) * T.Count, T.Count);
            Strip(registers, a, b + j, stepB, c + j, rowC, m, k, start is null ? null : start + j, rowStart, lastLanes);
            j += registers * T.Count;
        }
    }

    private static void Strip(int registers, Panel a, float* b, nint stepB, float* c, nint rowC, int m, int k, float* start, nint rowStart,
        int lastLanes)
    {
        if (registers == 3)
            GemmTiles<T, TileRow3<T>>.Strip(a, b, stepB, c, rowC, m, k, start, rowStart, lastLanes);
        else if (registers == 2)
            GemmTiles<T, TileRow2<T>>.Strip(a, b, stepB, c, rowC, m, k, start, rowStart, lastLanes);
        else
            GemmTiles<T, TileRow1<T>>.Strip(a, b, stepB, c, rowC, m, k, start, rowStart, lastLanes);
    }

    // Three registers wide, but 2 + 2 rather than 3 + 1. With few registers two, under tiles of 6 rows: a block of k is then 28 KB, and
    // stays in L1, as 43 KB don't. Packed A comes in panels of 8 rows, which fours of three registers fill and sixes of two don't.
    private static int StripRegisters(int columns, bool packsA)
    {
        int registers = (columns + T.Count - 1) / T.Count;
        return registers == 4 ? 2 : Math.Min(registers, T.ManyRegisters || packsA ? 3 : 2);
    }

    // Cᵀ = B·Aᵀ: Cᵀ starts from what C starts from, and is turned round at the end.
    private static void Swapped(in GemmCall call, CellRange rows, CellRange columns)
    {
        var swapped = new GemmCall
        {
            A = call.B,
            B = call.A,
            C = Scratch(ref transposedC, call.M * call.N),
            TransposeB = true,
            Plan = call.Plan,
            M = call.N,
            N = call.M,
            K = call.K,
        };
        if (call.Start is not null)
        {
            swapped.Start = swapped.C;
            swapped.RowStart = call.M;
            if (call.RowStart == 0)
                for (int j = columns.Start; j < columns.End; j++)
                    new Span<float>(swapped.CellOfC(j, rows.Start), rows.Count).Fill(call.Start[j]);
            else
                Transposition.Run(call.CellOfC(rows.Start, columns.Start), rowStep: call.N, swapped.CellOfC(columns.Start, rows.Start),
                    columnStep: call.M, rows.Count, columns.Count);
        }
        Packed(swapped, columns, rows);
        Transposition.Run(swapped.CellOfC(columns.Start, rows.Start), rowStep: call.M, call.CellOfC(rows.Start, columns.Start),
            columnStep: call.N, columns.Count, rows.Count);
    }

    // For each block of k and n: B packed strip by strip, [k][strip width] each; for each block of m: A as it lies, or packed in eights,
    // [k][8] each.
    private static void Packed(in GemmCall call, CellRange rows, CellRange columns)
    {
        float* b = Scratch(ref packedB, BlockK * (BlockN + 3 * T.Count)), a = Scratch(ref packedA, BlockK * BlockM);
        bool inBlocks = call.Plan.PacksA || (!T.ManyRegisters && rows.Count >= GemmPlan.ManyRows);
        int height = inBlocks ? BlockM : rows.Count, p = 0;
        do
        {
            int k = call.Plan.LengthOfBlock(p, call.K);
            for (int j = columns.Start; j < columns.End; j += BlockN)
            {
                int n = Math.Min(BlockN, columns.End - j);
                PackB(call, p, k, j, n, b);
                for (int i = rows.Start; i < rows.End; i += height)
                {
                    var block = new CellRange(i, Math.Min(height, rows.End - i));
                    if (!call.Plan.PacksA)
                    {
                        PackedStrips(call.PanelOfA(i, p), rowsPerPanel: height, panelStep: 0, b, call, block, p, j, n, k);
                        continue;
                    }
                    PackA(call, p, k, i, block.Count, a);
                    PackedStrips(new Panel(a, row: 1, step: 8), rowsPerPanel: 8, panelStep: 8 * k, b, call, block, p, j, n, k);
                }
            }
            p += k;
        }
        while (p < call.K);
    }

    private static void PackedStrips(Panel a, int rowsPerPanel, nint panelStep, float* b, in GemmCall call, CellRange rows, int p, int j,
        int n, int k)
    {
        for (int end = j + n; j < end;)
        {
            int registers = StripRegisters(end - j, call.Plan.PacksA), width = registers * T.Count;
            int lastLanes = Math.Min(end - j - width + T.Count, T.Count);
            for (int i = 0; i < rows.Count; i += rowsPerPanel)
            {
                var panel = new Panel(a.Start + i / rowsPerPanel * panelStep, a.Row, a.Step);
                float* start = call.StartAt(rows.Start + i, j, p, out nint rowStart);
                Strip(registers, panel, b, width, call.CellOfC(rows.Start + i, j), call.N, Math.Min(rowsPerPanel, rows.Count - i), k, start,
                    rowStart, lastLanes);
            }
            b += (nint)width * k;
            j += width;
        }
    }

    // Cells past column n are left as they are: they reach only lanes of C that are not stored.
    private static void PackB(in GemmCall call, int p, int k, int j, int n, float* to)
    {
        for (int done = 0; done < n;)
        {
            int width = StripRegisters(n - done, call.Plan.PacksA) * T.Count, columns = Math.Min(width, n - done);
            if (call.TransposeB)
                Transposition.Run(call.B + (nint)(j + done) * call.K + p, rowStep: call.K, to, columnStep: width, columns, k);
            else
                for (int q = 0; q < k; q++)
                    Copy(call.B + (nint)(p + q) * call.N + j + done, to + (nint)q * width, columns);
            to += (nint)width * k;
            done += width;
        }
    }

    private static void PackA(in GemmCall call, int p, int k, int i, int m, float* to)
    {
        if (!call.TransposeA)
        {
            for (int done = 0; done < m; done += 8, to += 8 * k)
                Transposition.Run(call.A + (nint)(i + done) * call.K + p, rowStep: call.K, to, columnStep: 8, Math.Min(8, m - done), k);
            return;
        }
        // Row by row of the stored matrix: its cells lie side by side, one eight for each panel.
        for (int q = 0; q < k; q++)
        {
            float* from = call.A + (nint)(p + q) * call.M + i;
            int done = 0;
            for (; done <= m - 8; done += 8)
                Copy8(from + done, to + done * k + q * 8);
            if (done < m)
                Copy(from + done, to + done * k + q * 8, m - done);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy8(float* from, float* to)
    {
        Vector128.Load(from).Store(to);
        Vector128.Load(from + 4).Store(to + 4);
    }

    private static void Copy(float* from, float* to, int count) => Unsafe.CopyBlockUnaligned(to, from, (uint)count * sizeof(float));

    private static float* Scratch(ref HostStorage? storage, int length)
    {
        if (storage is null || storage.Capacity < length)
            storage = new HostStorage(Default, length);
        return storage.Pointer;
    }
}
