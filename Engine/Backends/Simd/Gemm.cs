using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeNN.Backends.Simd;

// C = op(A)·op(B). Three ways, by shape alone:
//   dots    A·Bᵀ with k long beside m: k runs along memory in both operands, and nothing is moved
//   direct  B row-major and everything in cache: tiles read A (either way round) and B where they lie
//   packed  otherwise: blocks of B (and of large A) are first copied into the order the tiles read them in
// Threads take whole columns (or rows) of C each. The order of the additions depends on k alone, so the bits do not depend on the threads.
internal sealed unsafe partial class SimdBackend<T>
{
    // A block of B (786 KB) and one of A (131 KB) stay in L2; a strip of B and a panel of A (16 KB) pass through L1. Measured best of a dozen.
    private const int BlockK = 512, BlockM = 64, BlockN = 384;

    // Below this many multiply–adds (about 4 µs) handing a part to another thread costs more than it saves.
    private const long WorthSharing = 250_000;

    [ThreadStatic]
    private static HostStorage? packedA, packedB;

    public override void Gemm(bool transposeA, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k,
        bool accumulate = false, Storage? bias = null)
    {
        var call = new GemmCall
        {
            A = Cells(a),
            B = Cells(b),
            C = Cells(c),
            Bias = CellsOrNull(bias),
            TransposeA = transposeA,
            TransposeB = transposeB,
            Accumulate = accumulate,
            M = m,
            N = n,
            K = k,
        };
        bool large = (long)n * k > 128 * 1024 && m >= 64;
        call.Way = transposeB && !transposeA && k >= 12 * m && k >= 4 * T.Count && !large ? Way.Dots
            : !transposeB && !large ? Way.Direct : Way.Packed;
        call.PackA = large && n > 3 * T.Count;
        call.Parts = Threads == 1 || (long)m * n * k < WorthSharing ? 1 : Threads;
        if (call.Parts == 1)
            Part(&call, 0);
        else
            WorkerPool.Shared.Run(call.Parts, &Part, &call);
        KeepAlive(a, b, c, bias);
    }

    private enum Way
    {
        Dots,
        Direct,
        Packed,
    }

    private struct GemmCall
    {
        public float* A, B, C, Bias;
        public bool TransposeA, TransposeB, Accumulate, PackA;
        public int M, N, K, Parts;
        public Way Way;

        /// <summary>A from element (i, p) on, read where it lies.</summary>
        public readonly Panel PanelOfA(int i, int p) =>
            TransposeA ? new Panel(A + (nint)p * M + i, row: 1, step: M) : new Panel(A + (nint)i * K + p, row: K, step: 1);
    }

    // Columns are shared if each part gets a register of them at least, else rows.
    private static void Part(void* state, int part)
    {
        ref var call = ref *(GemmCall*)state;
        bool byColumns = call.N >= call.Parts * 2 * T.Count;
        var (rows, columns) = (new CellRange(0, call.M), new CellRange(0, call.N));
        if (byColumns)
            columns = columns.Part(part, call.Parts, unit: T.Count);
        else
            rows = rows.Part(part, call.Parts, unit: 8);
        if (rows.Count > 0 && columns.Count > 0)
            Block(call, rows, columns);
    }

    private static void Block(in GemmCall call, CellRange rows, CellRange columns)
    {
        var ahead = ReadAhead.Current;
        float* c = call.C + (nint)rows.Start * call.N + columns.Start;
        float* bias = call.Bias == null ? null : call.Bias + columns.Start;
        switch (call.Way)
        {
            case Way.Dots:
                GemmDots<T>.Run(call.A + (nint)rows.Start * call.K, call.B + (nint)columns.Start * call.K, c, rows.Count, columns.Count, call.K,
                    rowC: call.N, bias, call.Accumulate, ahead);
                break;
            case Way.Direct:
                Strips(call.PanelOfA(rows.Start, 0), call.B + columns.Start, stepB: call.N, c, rowC: call.N, rows.Count, columns.Count, call.K,
                    bias, call.Accumulate, ahead);
                break;
            default:
                Packed(call, rows, columns, ahead);
                break;
        }
    }

    // Each strip of columns stays in L1 while the rows of A pass by.
    private static void Strips(Panel a, float* b, nint stepB, float* c, nint rowC, int m, int n, int k, float* bias, bool accumulate,
        ReadAhead* ahead)
    {
        for (int j = 0; j < n;)
        {
            int registers = StripRegisters(n - j), lastLanes = Math.Min(n - j - (registers - 1) * T.Count, T.Count);
            Strip(registers, a, b + j, stepB, c + j, rowC, m, k, bias == null ? null : bias + j, accumulate, lastLanes, ahead);
            j += registers * T.Count;
        }
    }

    private static void Strip(int registers, Panel a, float* b, nint stepB, float* c, nint rowC, int m, int k, float* bias, bool accumulate, int lastLanes,
        ReadAhead* ahead)
    {
        if (registers == 3)
            GemmTiles<T, TileRow3<T>>.Strip(a, b, stepB, c, rowC, m, k, bias, accumulate, lastLanes, ahead);
        else if (registers == 2)
            GemmTiles<T, TileRow2<T>>.Strip(a, b, stepB, c, rowC, m, k, bias, accumulate, lastLanes, ahead);
        else
            GemmTiles<T, TileRow1<T>>.Strip(a, b, stepB, c, rowC, m, k, bias, accumulate, lastLanes, ahead);
    }

    // Three registers wide, but 2 + 2 rather than 3 + 1.
    private static int StripRegisters(int columns)
    {
        int registers = (columns + T.Count - 1) / T.Count;
        return registers == 4 ? 2 : Math.Min(registers, 3);
    }

    // For each block of k and n: B packed strip by strip, [k][strip width] each; for each block of m: A packed in eights, [k][8] each.
    private static void Packed(in GemmCall call, CellRange rows, CellRange columns, ReadAhead* ahead)
    {
        float* b = Scratch(ref packedB, BlockK * (BlockN + 3 * T.Count)), a = Scratch(ref packedA, BlockK * BlockM);
        if (call.K == 0)
            Strips(default, b, stepB: 0, call.C + (nint)rows.Start * call.N + columns.Start, rowC: call.N, rows.Count, columns.Count, k: 0,
                call.Bias == null ? null : call.Bias + columns.Start, call.Accumulate, ahead);
        for (int p = 0; p < call.K; p += BlockK)
        {
            int k = Math.Min(BlockK, call.K - p);
            bool accumulate = call.Accumulate || p > 0;
            for (int j = columns.Start; j < columns.End; j += BlockN)
            {
                int n = Math.Min(BlockN, columns.End - j);
                float* bias = call.Bias == null || p > 0 ? null : call.Bias + j;
                PackB(call, p, k, j, n, b);
                if (!call.PackA)
                    PackedStrips(call.PanelOfA(rows.Start, p), rowsPerPanel: rows.Count, panelStep: 0, b,
                        call.C + (nint)rows.Start * call.N + j, call.N, rows.Count, n, k, bias, accumulate, ahead);
                for (int i = rows.Start; call.PackA && i < rows.End; i += BlockM)
                {
                    int m = Math.Min(BlockM, rows.End - i);
                    PackA(call, p, k, i, m, a);
                    PackedStrips(new Panel(a, row: 1, step: 8), rowsPerPanel: 8, panelStep: 8 * k, b,
                        call.C + (nint)i * call.N + j, call.N, m, n, k, bias, accumulate, ahead);
                }
            }
        }
    }

    private static void PackedStrips(Panel a, int rowsPerPanel, nint panelStep, float* b, float* c, nint rowC, int m, int n, int k, float* bias, bool accumulate,
        ReadAhead* ahead)
    {
        for (int j = 0; j < n;)
        {
            int registers = StripRegisters(n - j), width = registers * T.Count, lastLanes = Math.Min(n - j - width + T.Count, T.Count);
            for (int i = 0; i < m; i += rowsPerPanel)
            {
                var panel = new Panel(a.Start + i / rowsPerPanel * panelStep, a.Row, a.Step);
                Strip(registers, panel, b, width, c + i * rowC + j, rowC, Math.Min(rowsPerPanel, m - i), k, bias == null ? null : bias + j, accumulate, lastLanes, ahead);
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
            int width = StripRegisters(n - done) * T.Count, columns = Math.Min(width, n - done);
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

    private static float* Scratch(ref HostStorage? storage, int length) => (storage ??= new HostStorage(Default, length)).Pointer;
}
