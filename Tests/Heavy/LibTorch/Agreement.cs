namespace NativeNN.Tests.LibTorch;

/// <summary>
/// How near two results must be: so many units in the last place of LibTorch's number; or, where a difference of larger numbers lost
/// digits, so much; or so much of the largest number of the tensor. Any of them is enough. OnlyFinite leaves out where one of the two is
/// NaN or infinite. Why says what keeps the two from being equal.
/// </summary>
internal sealed record Agreement(string Why, int Ulps = 0, double Absolute = 0, double OfLargest = 0, bool OnlyFinite = false)
{
    /// <summary>Equal bit for bit; every NaN is one.</summary>
    public static Agreement Bits { get; } = new("both round every step alike");

    /// <summary>Equal bit for bit, but −0 is 0.</summary>
    public static Agreement BitsButForTheSignOfZero { get; } =
        new("what is added to or taken from 0 leaves its sign or not", Absolute: double.Epsilon);

    /// <summary>The first place where ours is not near enough to LibTorch's, as a sentence; null if there is none.</summary>
    public string? Difference(float[] torch, float[] ours)
    {
        if (torch.Length != ours.Length)
            return $"LibTorch has {torch.Length} numbers, the engine {ours.Length}";
        double room = Math.Max(Absolute, OfLargest * Largest(torch));
        for (int i = 0; i < torch.Length; i++)
            if (!Near(torch[i], ours[i], room))
                return $"element {i} of {torch.Length}: LibTorch {torch[i]:R}, ours {ours[i]:R}, {Distance(torch[i], ours[i])} ulp apart, "
                    + $"{Math.Abs((double)torch[i] - ours[i]):0.0E+0} (allowed: {Ulps} ulp, or {room:0.0E+0}; {Why})";
        return null;
    }

    /// <summary>How many float32 numbers lie from one to the other; 0 from 0 to −0.</summary>
    public static long Distance(float a, float b)
    {
        return Math.Abs(Order(a) - Order(b));

        static long Order(float x) => BitConverter.SingleToInt32Bits(x) is var bits && bits < 0 ? int.MinValue - (long)bits : bits;
    }

    /// <summary>The largest of the finite numbers, without their signs.</summary>
    public static double Largest(float[] values) => values.Where(float.IsFinite).Select(v => Math.Abs((double)v)).DefaultIfEmpty(0).Max();

    // Without room for a difference, the sign of a zero counts.
    private bool Near(float torch, float ours, double room)
    {
        if (OnlyFinite && (!float.IsFinite(torch) || !float.IsFinite(ours)))
            return true;
        if (float.IsNaN(torch) || float.IsNaN(ours))
            return float.IsNaN(torch) && float.IsNaN(ours);
        if (!float.IsFinite(torch) || !float.IsFinite(ours))
            return torch == ours;
        if (room > 0 && Math.Abs((double)torch - ours) <= room)
            return true;
        return torch == 0 && ours == 0 ? float.IsNegative(torch) == float.IsNegative(ours) : Distance(torch, ours) <= Ulps;
    }
}
