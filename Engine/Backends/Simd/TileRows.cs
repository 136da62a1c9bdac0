using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>One row of a tile of C: 1, 2 or 3 neighbouring registers. Kernels are written once and compiled for each width.</summary>
internal unsafe interface ITileRow<TRow, T>
    where TRow : struct, ITileRow<TRow, T>
    where T : struct, ILanes<T>
{
    static abstract int Columns { get; }

    static abstract TRow Load(float* p);

    /// <summary>this += the row at p.</summary>
    void Add(float* p);

    /// <summary>this += a·b; a is of Factor.</summary>
    void AddProduct(T a, TRow b);

    /// <summary>Stores the row; of its last register the first lastLanes only.</summary>
    void Store(float* p, int lastLanes);
}

internal unsafe struct TileRow1<T>(T x0) : ITileRow<TileRow1<T>, T>
    where T : struct, ILanes<T>
{
    private T x0 = x0;

    public static int Columns => T.Count;

    [MethodImpl(AggressiveInlining)]
    public static TileRow1<T> Load(float* p) => new(T.Load(p));

    [MethodImpl(AggressiveInlining)]
    public void Add(float* p) => x0 += T.Load(p);

    [MethodImpl(AggressiveInlining)]
    public void AddProduct(T a, TileRow1<T> b) => x0.AddMultiple(a, b.x0);

    [MethodImpl(AggressiveInlining)]
    public readonly void Store(float* p, int lastLanes) => x0.StoreFirst(p, lastLanes);
}

internal unsafe struct TileRow2<T>(T x0, T x1) : ITileRow<TileRow2<T>, T>
    where T : struct, ILanes<T>
{
    private T x0 = x0, x1 = x1;

    public static int Columns => 2 * T.Count;

    [MethodImpl(AggressiveInlining)]
    public static TileRow2<T> Load(float* p) => new(T.Load(p), T.Load(p + T.Count));

    [MethodImpl(AggressiveInlining)]
    public void Add(float* p)
    {
        x0 += T.Load(p);
        x1 += T.Load(p + T.Count);
    }

    [MethodImpl(AggressiveInlining)]
    public void AddProduct(T a, TileRow2<T> b)
    {
        x0.AddMultiple(a, b.x0);
        x1.AddMultiple(a, b.x1);
    }

    [MethodImpl(AggressiveInlining)]
    public readonly void Store(float* p, int lastLanes)
    {
        x0.Store(p);
        x1.StoreFirst(p + T.Count, lastLanes);
    }
}

internal unsafe struct TileRow3<T>(T x0, T x1, T x2) : ITileRow<TileRow3<T>, T>
    where T : struct, ILanes<T>
{
    private T x0 = x0, x1 = x1, x2 = x2;

    public static int Columns => 3 * T.Count;

    [MethodImpl(AggressiveInlining)]
    public static TileRow3<T> Load(float* p) => new(T.Load(p), T.Load(p + T.Count), T.Load(p + 2 * T.Count));

    [MethodImpl(AggressiveInlining)]
    public void Add(float* p)
    {
        x0 += T.Load(p);
        x1 += T.Load(p + T.Count);
        x2 += T.Load(p + 2 * T.Count);
    }

    [MethodImpl(AggressiveInlining)]
    public void AddProduct(T a, TileRow3<T> b)
    {
        x0.AddMultiple(a, b.x0);
        x1.AddMultiple(a, b.x1);
        x2.AddMultiple(a, b.x2);
    }

    [MethodImpl(AggressiveInlining)]
    public readonly void Store(float* p, int lastLanes)
    {
        x0.Store(p);
        x1.Store(p + T.Count);
        x2.StoreFirst(p + 2 * T.Count, lastLanes);
    }
}
