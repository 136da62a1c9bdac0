namespace NativeNN.Backends.Simd;

/// <summary>Start..Start + Count, and how it is cut into equal parts of whole units.</summary>
internal readonly record struct CellRange(int Start, int Count)
{
    public int End => Start + Count;

    public CellRange Part(int part, int parts, int unit)
    {
        int units = (Count + unit - 1) / unit;
        int from = (int)((long)units * part / parts) * unit, to = (int)((long)units * (part + 1) / parts) * unit;
        return new(Start + from, Math.Min(to, Count) - from);
    }
}
