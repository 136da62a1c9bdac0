namespace NativeNN.Backends.Simd;

/// <summary>
/// A register of Count floats. Kernels are written once against this and compiled for each width, so a line of a kernel reads like the
/// scalar formula it equals. Comparisons give masks (all bits of a lane set or clear) for Select.
/// Tail rule: LoadFirst and StoreFirst touch the first count cells only, and the lanes above read as 0 (a count of
/// Count is the common case and costs no mask); Load may read up to Count − 1 cells past
/// the end of a buffer, which every HostStorage allows for.
/// Loops over lanes are marked AggressiveOptimization | NoInlining: inlined into one another they exceed the JIT's inlining budget, and
/// what is then left as a call is this type's operators (twelve times slower).
/// </summary>
internal unsafe interface ILanes<T>
    where T : struct, ILanes<T>
{
    /// <summary>Floats per register.</summary>
    static abstract int Count { get; }

    /// <summary>Whether a kernel may keep about 28 values in registers, not 12: with AVX-512 and on ARM64.</summary>
    static abstract bool ManyRegisters { get; }

    static abstract T Zero { get; }

    static abstract T All(float value);

    static abstract T Load(float* p);

    static abstract T LoadFirst(float* p, int count);

    void Store(float* p);

    void StoreFirst(float* p, int count);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T operator -(T a);

    /// <summary>a·b + c, rounded once where the CPU can.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>
    /// this += a·b, rounded once where the CPU can. In place: of a struct that is returned the JIT makes a temporary, a factor's register,
    /// and copies it, which takes up to a third of a tile's time.
    /// </summary>
    void AddProduct(T a, T b);

    /// <summary>A number to multiply a register with: in all lanes, or in the first alone, which is enough for ARM.</summary>
    static abstract T Factor(float value);

    /// <summary>this += factor·b, as AddProduct; factor is of Factor.</summary>
    void AddMultiple(T factor, T b);

    /// <summary>a &lt; b ? a : b, on every CPU: b where either is NaN, and of two zeros whatever their signs.</summary>
    static abstract T Min(T a, T b);

    /// <summary>a &gt; b ? a : b, on every CPU: b where either is NaN, and of two zeros whatever their signs.</summary>
    static abstract T Max(T a, T b);

    static abstract T Abs(T a);

    static abstract T Sqrt(T a);

    /// <summary>To the nearest integer, ties to even.</summary>
    static abstract T Round(T a);

    /// <summary>a·2ⁿ for integer n in [−150, 150].</summary>
    static abstract T ScaleByPowerOfTwo(T a, T n);

    /// <summary>a &gt; 0 normal: a = fraction·2^exponent with fraction in [¾, 3/2).</summary>
    static abstract T SplitExponent(T a, out T exponent);

    /// <summary>Mask of the first count lanes.</summary>
    static abstract T FirstLanes(int count);

    static abstract T LessThan(T a, T b);

    /// <summary>Mask of the lanes that hold a NaN.</summary>
    static abstract T IsNaN(T a);

    /// <summary>a &lt; b ? then : otherwise, in one instruction more than the comparison. NaNs: otherwise.</summary>
    static abstract T IfLess(T a, T b, T then, T otherwise);

    /// <summary>mask ? a : b.</summary>
    static abstract T Select(T mask, T a, T b);

    /// <summary>One bit per lane of a mask, lane 0 lowest.</summary>
    static abstract uint Bits(T mask);

    /// <summary>Largest lane; without NaNs.</summary>
    static abstract float MaxAcross(T a);

    /// <summary>p[0..4] = the lane sums of a, b, c and d, neighbours added first: ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)), …</summary>
    static abstract void StoreSums(T a, T b, T c, T d, float* p);
}
