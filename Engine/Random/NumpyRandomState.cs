using System.Numerics;

namespace NativeNN.Random;

/// <summary>
/// NumPy's legacy generator <c>numpy.random.RandomState(seed)</c>, as far as scikit-learn's splits use it.
/// </summary>
public sealed class NumpyRandomState(uint seed)
{
    private readonly Mt19937 twister = new(seed);

    /// <summary>A random order of 0…n-1, as <c>RandomState.permutation(n)</c>: Fisher–Yates from the back.</summary>
    public int[] Permutation(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        int[] order = new int[n];
        for (int i = 0; i < n; i++)
            order[i] = i;
        for (int i = n - 1; i > 0; i--)
        {
            int other = NextUpTo((uint)i);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    //  Uniform on 0…limit by rejection: as many low bits as limit has, drawn again while too large.
    private int NextUpTo(uint limit)
    {
        uint mask = uint.MaxValue >> BitOperations.LeadingZeroCount(limit);
        uint value;
        do
            value = twister.NextUInt32() & mask;
        while (value > limit);
        return (int)value;
    }
}
