using ILGPU;

namespace NativeNN.Gpu.Kernels;

/// <summary>Sums over the threads of a group. Every thread of the group must call them; the result comes back to every thread.</summary>
internal static class Groups
{
    /// <summary>Scratch for one cell a thread.</summary>
    public static ArrayView<float> Scratch => SharedMemory.Allocate<float>(ThreadGrid.PerGroup);

    /// <summary>Σ value over the group: a tree in shared memory, so the same order and the same bits on every run.</summary>
    public static float Sum(float value, ArrayView<float> scratch)
    {
        ThreadGrid.Barrier(); // the last sum's readers are through
        scratch[Group.IdxX] = value;
        ThreadGrid.Barrier();
        AddDown(scratch, to: 1);
        return scratch[0];
    }

    /// <summary>scratch[i] = Σ scratch[i], scratch[i + to], scratch[i + 2·to], … for i below to, a power of two.</summary>
    public static void AddDown(ArrayView<float> scratch, int to)
    {
        for (int distance = ThreadGrid.PerGroup / 2; distance >= to; distance /= 2)
        {
            if (Group.IdxX < distance)
                scratch[Group.IdxX] += scratch[Group.IdxX + distance];
            ThreadGrid.Barrier();
        }
    }

    /// <summary>Kahan: what an addition rounds off is carried into the next one, so a long sum is as exact as a short one.</summary>
    public static (float Sum, float Carry) AddCarefully(float sum, float carry, float value)
    {
        float term = value - carry, total = sum + term;
        return (total, total - sum - term);
    }
}

/// <summary>How many neighbouring threads share a row of a row-wise kernel, and how they put their parts together.</summary>
internal interface IRowThreads
{
    /// <summary>Threads of a row: a power of two.</summary>
    static abstract int Lanes { get; }

    /// <summary>Σ value over the row's threads, for each of them.</summary>
    static abstract float Sum(float value, ArrayView<float> scratch);

    /// <summary>The largest value of the row's threads, for each of them.</summary>
    static abstract float Max(float value, ArrayView<float> scratch);
}

/// <summary>A thread a row: nothing to put together, no barrier. For devices that are CPUs.</summary>
internal readonly struct OneThread : IRowThreads
{
    public static int Lanes => 1;

    public static float Sum(float value, ArrayView<float> scratch) => value;

    public static float Max(float value, ArrayView<float> scratch) => value;
}

/// <summary>
/// 32 threads a row, so that they read neighbouring columns in one go. Halves exchange what they have through shared memory, five times.
/// </summary>
internal readonly struct ThirtyTwoThreads : IRowThreads
{
    public static int Lanes => 32;

    public static float Sum(float value, ArrayView<float> scratch)
    {
        for (int distance = Lanes / 2; distance > 0; distance /= 2)
            value += FromLane(value, distance, scratch);
        return value;
    }

    public static float Max(float value, ArrayView<float> scratch)
    {
        for (int distance = Lanes / 2; distance > 0; distance /= 2)
        {
            float other = FromLane(value, distance, scratch);
            value = other > value ? other : value;
        }
        return value;
    }

    private static float FromLane(float value, int distance, ArrayView<float> scratch)
    {
        ThreadGrid.Barrier(); // the last exchange may still be reading
        scratch[Group.IdxX] = value;
        ThreadGrid.Barrier();
        return scratch[Group.IdxX ^ distance];
    }
}
