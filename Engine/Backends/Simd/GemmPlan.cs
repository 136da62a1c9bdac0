namespace NativeNN.Backends.Simd;

/// <summary>The ways to a matrix product. All but Dots add in the same order, so the choice between those is one of speed alone.</summary>
internal enum GemmWay
{
    /// <summary>A·Bᵀ as dot products: k runs along memory in both operands, and nothing is moved.</summary>
    Dots,

    /// <summary>Tiles read A (either way round) and a row-major B where they lie.</summary>
    Direct,

    /// <summary>Blocks of B (and of A, where PacksA says so) are first copied into the order the tiles read them in.</summary>
    Packed,

    /// <summary>Cᵀ = B·Aᵀ, packed: A is copied instead of B, and Cᵀ turned round at the end.</summary>
    Swapped,
}

/// <summary>
/// How a product is computed, by its shape alone: named rules, each with its reason. The rules of order decide the bits and are OpenBLAS's;
/// the rules of speed were measured with one thread of an AMD EPYC (AVX-512, 1 MB of L2 cache), the ways by turns, microseconds per
/// product. OrderOfAdditionTests has a table of what they give.
/// </summary>
internal readonly record struct GemmPlan(GemmWay Way, bool SplitsK, bool PacksA, int Parts)
{
    /// <summary>
    /// Terms of a sum that are added up before they go to C: OpenBLAS's block (and 690 KB of B at BlockN columns, which L2 holds).
    /// </summary>
    public const int BlockK = 448;

    /// <summary>Rows from which A too is taken block by block, and packing can pay.</summary>
    public const int ManyRows = 512;

    /// <summary>The plan for op(A)·op(B), [m, k]·[k, n], on registers of that many lanes and at most that many threads.</summary>
    public static GemmPlan For(bool transposeA, bool transposeB, int m, int n, int k, int lanes, int threads)
    {
        bool rowsByRows = transposeB && !transposeA;
        bool small = IsSmallForOpenBlas(transposeA, transposeB, m, n, k);
        var way = small && rowsByRows ? GemmWay.Dots
            : !transposeB && !WorthPacking(m, n, k, lanes) ? GemmWay.Direct
            : rowsByRows && WorthSwapping(m, n, k, lanes) ? GemmWay.Swapped
            : GemmWay.Packed;
        bool packsA = way == GemmWay.Packed && WorthPacking(m, n, k, lanes) && WorthPackingA(transposeA, n, lanes);
        return new(way, SplitsK: !small, packsA, Parts: WorthSharing(m, n, k, lanes) ? threads : 1);
    }

    /// <summary>The block of k from p on: up to 448 terms, and two halves (of whole sixteens) rather than 448 and a rest.</summary>
    public int LengthOfBlock(int p, int k)
    {
        int rest = k - p;
        if (!SplitsK || rest <= BlockK)
            return rest;
        return rest >= 2 * BlockK ? BlockK : (rest / 2 + 15) / 16 * 16;
    }

    // ---- rules of order -------------------------------------------------------------------------------------------------------

    // OpenBLAS 0.3.21, with which the golden trainings were made, has kernels for small products on CPUs with AVX-512 that take the whole
    // of k at once (sgemm_small_kernel_permit_skylakex.c): up to 100³ multiply–adds, none where both operands are transposed, and for A·Bᵀ,
    // where they are the sixteen sums of GemmDots, only for a small C and k ≥ 32. Everything else goes in blocks of k.
    private static bool IsSmallForOpenBlas(bool transposeA, bool transposeB, int m, int n, int k) =>
        Work(m, n, k) <= 1_000_000 && (!transposeB || (!transposeA && m * n <= 1200 && k >= 32));

    // ---- rules of speed -------------------------------------------------------------------------------------------------------

    // Registers in the widest strip of C that tiles compute.
    private const int WidestStrip = 3;

    // Cells of B that the caches hold for as long as rows of A pass by: 2 MB.
    private const int CachedCells = 512 * 1024;

    // Cells of B in strips of few lanes, whose rows come to lie on one another in L1.
    private const int FewLinesOfB = 200_000;

    // Packing costs a pass over B (and A), and gives back nothing while B stays in cache or few rows use it: A·B of 64 × 512 × 1100 takes
    // 623 direct, 687 with B packed, 702 with both; 512 × 784 × 512 takes 3749, 3885 and 4063; 128 × 1024 × 1024, with twice the B, 2731,
    // 3179 and 3216. At 512 × 1024 × 1024 they draw level: 13098, 12844 and 13829. Beyond, rows that lie k or n cells apart would each need
    // a page of their own. Narrower strips use a smaller part of each row, and L1 holds fewer of such rows: with 8 lanes 256 × 256 × 256
    // takes 299 direct and 317 with B packed, but 512 × 512 × 512 takes 2956 and 2633.
    private static bool WorthPacking(int m, int n, int k, int lanes) =>
        m >= ManyRows && (long)n * k > (lanes < 16 ? FewLinesOfB : CachedCells);

    // For one strip A is read once, packed or not. And with 8 lanes packing costs most for what it gives back: the cache itself fetches
    // ahead the six rows of a tile that are read along k.
    private static bool WorthPackingA(bool transposeA, int n, int lanes) => n > WidestStrip * lanes && (transposeA || lanes != 8);

    // Swapping copies A, (n − m)·k cells less than B, but moves C twice. The lanes then run along m: it must fill whole registers, two at
    // least. A·Bᵀ, packed against swapped: 32 × 64 × 784 takes 31.5 and 29.8, 64 × 128 × 784 117.7 and 114.7, 32 × 100 × 784 54.6 and 45.0;
    // but k too short for the gain, 64 × 256 × 64, 19.5 and 20.7; half-empty registers, 33 × 64 × 784, 32.8 and 44.4; one register, 16 ×
    // 128 × 784, 34.7 and 37.8; and B (now the rows, read where they lie) out of cache, 64 × 1024 × 1024, 1291 and 1350.
    private static bool WorthSwapping(int m, int n, int k, int lanes) =>
        m >= 2 * lanes && m % lanes == 0 && (n - m) * (long)k > 2L * m * n && (long)n * k <= CachedCells;

    // About 4 µs: with less, waiting for another thread costs more than its help saves. 32 × 64 × 122 takes 4.4 with AVX-512; shared,
    // 64 × 32 × 64 takes longer than alone.
    private static bool WorthSharing(int m, int n, int k, int lanes) => Work(m, n, k) >= (lanes >= 16 ? 250_000 : 64_000);

    private static long Work(int m, int n, int k) => (long)m * n * k;
}
