using System.Runtime.CompilerServices;

namespace NativeNN.Backends.Simd;

// C = op(A)·op(B). Three ways, by shape alone:
//   dots    k along memory in A and B (A·Bᵀ) and k long, everything in cache: no operand is moved
//   direct  B row-major and everything in cache: tiles read A (either way round) and B where they lie
//   packed  otherwise: blocks of B (and of large A) are first copied into the order the tiles read them in
internal sealed unsafe partial class SimdBackend<T>
{
    private const int BlockK = 256, BlockM = 128, BlockN = 768;

    [ThreadStatic]
    private static HostStorage? packedA, packedB;

    public override void Gemm(bool transposeA, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k,
        bool accumulate = false, Storage? bias = null)
    {
        Gemm(new GemmCall(Cells(a), transposeA, Cells(b), transposeB, Cells(c), m, n, k, accumulate, CellsOrNull(bias)));
        KeepAlive(a, b, c, bias);
    }

    private void Gemm(GemmCall call)
    {
        bool large = (long)call.N * call.K > 128 * 1024 && call.M >= 64;
        if (call.TransposeB && !call.TransposeA && call.K >= 8 * T.Count && !large)
            GemmDots<T>.Run(call.A, call.B, call.C, call.M, call.N, call.K, rowC: call.N, call.Bias, call.Accumulate);
        else if (!call.TransposeB && !large)
            Strips(call.PanelOfA(0, 0), call.B, stepB: call.N, call.C, rowC: call.N, call.M, call.N, call.K, call.Bias, call.Accumulate);
        else
            Blocked(call, packA: large && call.N > 3 * T.Count);
    }

    // Each strip of columns stays in L1 while the rows of A pass by.
    private static void Strips(Panel a, float* b, nint stepB, float* c, nint rowC, int m, int n, int k, float* bias, bool accumulate)
    {
        for (int j = 0; j < n;)
        {
            int registers = StripRegisters(n - j), lastLanes = Math.Min(n - j - (registers - 1) * T.Count, T.Count);
            Strip(registers, a, b + j, stepB, c + j, rowC, m, k, bias == null ? null : bias + j, accumulate, lastLanes);
            j += registers * T.Count;
        }
    }

    private static void Strip(int registers, Panel a, float* b, nint stepB, float* c, nint rowC, int m, int k, float* bias, bool accumulate, int lastLanes)
    {
        if (registers == 3)
            GemmTiles<T, TileRow3<T>>.Strip(a, b, stepB, c, rowC, m, k, bias, accumulate, lastLanes);
        else if (registers == 2)
            GemmTiles<T, TileRow2<T>>.Strip(a, b, stepB, c, rowC, m, k, bias, accumulate, lastLanes);
        else
            GemmTiles<T, TileRow1<T>>.Strip(a, b, stepB, c, rowC, m, k, bias, accumulate, lastLanes);
    }

    // Three registers wide, but 2 + 2 rather than 3 + 1.
    private static int StripRegisters(int columns)
    {
        int registers = (columns + T.Count - 1) / T.Count;
        return registers == 4 ? 2 : Math.Min(registers, 3);
    }

    // For each block of k and n: B packed strip by strip, [k][strip width] each; for each block of m: A packed in eights, [k][8] each.
    private void Blocked(GemmCall call, bool packA)
    {
        float* b = Scratch(ref packedB, BlockK * (BlockN + 3 * T.Count)), a = Scratch(ref packedA, BlockK * BlockM);
        if (call.K == 0)
            Strips(default, call.B, stepB: 0, call.C, rowC: call.N, call.M, call.N, k: 0, call.Bias, call.Accumulate);
        for (int p = 0; p < call.K; p += BlockK)
        {
            int k = Math.Min(BlockK, call.K - p);
            bool accumulate = call.Accumulate || p > 0;
            for (int j = 0; j < call.N; j += BlockN)
            {
                int n = Math.Min(BlockN, call.N - j);
                float* bias = call.Bias == null || p > 0 ? null : call.Bias + j;
                PackB(call, p, k, j, n, b);
                if (!packA)
                    PackedStrips(call.PanelOfA(0, p), rowsPerPanel: call.M, panelStep: 0, b, call.C + j, call.N, call.M, n, k, bias, accumulate);
                for (int i = 0; packA && i < call.M; i += BlockM)
                {
                    int m = Math.Min(BlockM, call.M - i);
                    PackA(call, p, k, i, m, a);
                    PackedStrips(new Panel(a, row: 1, step: 8), rowsPerPanel: 8, panelStep: 8 * k, b, call.C + (nint)i * call.N + j, call.N, m, n, k, bias, accumulate);
                }
            }
        }
    }

    private static void PackedStrips(Panel a, int rowsPerPanel, nint panelStep, float* b, float* c, nint rowC, int m, int n, int k, float* bias, bool accumulate)
    {
        for (int j = 0; j < n;)
        {
            int registers = StripRegisters(n - j), width = registers * T.Count, lastLanes = Math.Min(n - j - width + T.Count, T.Count);
            for (int i = 0; i < m; i += rowsPerPanel)
            {
                var panel = new Panel(a.Start + i / rowsPerPanel * panelStep, a.Row, a.Step);
                Strip(registers, panel, b, width, c + i * rowC + j, rowC, Math.Min(rowsPerPanel, m - i), k, bias == null ? null : bias + j, accumulate, lastLanes);
            }
            b += (nint)width * k;
            j += width;
        }
    }

    // Cells past column n are left as they are: they reach only lanes of C that are not stored.
    private static void PackB(GemmCall call, int p, int k, int j, int n, float* to)
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

    private static void PackA(GemmCall call, int p, int k, int i, int m, float* to)
    {
        for (int done = 0; done < m; done += 8, to += 8 * k)
        {
            int rows = Math.Min(8, m - done);
            if (call.TransposeA)
                for (int q = 0; q < k; q++)
                    Copy(call.A + (nint)(p + q) * call.M + i + done, to + q * 8, rows);
            else
                Transposition.Run(call.A + (nint)(i + done) * call.K + p, rowStep: call.K, to, columnStep: 8, rows, k);
        }
    }

    private static void Copy(float* from, float* to, int count) => Unsafe.CopyBlockUnaligned(to, from, (uint)count * sizeof(float));

    private float* Scratch(ref HostStorage? storage, int length) => (storage ??= new HostStorage(this, length)).Pointer;

    private readonly struct GemmCall(float* a, bool transposeA, float* b, bool transposeB, float* c, int m, int n, int k, bool accumulate, float* bias)
    {
        public readonly float* A = a, B = b, C = c, Bias = bias;
        public readonly bool TransposeA = transposeA, TransposeB = transposeB, Accumulate = accumulate;
        public readonly int M = m, N = n, K = k;

        /// <summary>A from element (i, p) on, read where it lies.</summary>
        public Panel PanelOfA(int i, int p) =>
            TransposeA ? new Panel(A + (nint)p * M + i, row: 1, step: M) : new Panel(A + (nint)i * K + p, row: K, step: 1);
    }
}
