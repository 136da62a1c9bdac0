using ILGPU;

namespace NativeNN.Gpu.Kernels;

/// <summary>
/// Multiply–adds that never leave the registers: the most a device can do, where its driver does not say. Each sum waits for itself only,
/// so there are as many of them as hide a multiply–add's latency on a GPU, and as fill a CPU's vectors several times.
/// </summary>
internal static class Peak
{
    /// <summary>Sums of a thread.</summary>
    public const int Chains = 32;

    /// <summary>Results that a thread stores.</summary>
    public const int Lanes = 4;

    public static void MultiplyAdds(ArrayView<float> y, int rounds, float a, float b)
    {
        float start = Group.IdxX;
        Float4 step = new(b, b, b, b), x0 = new(start, start + 1, start + 2, start + 3), x1 = x0 + step, x2 = x1 + step, x3 = x2 + step;
        Float4 x4 = x3 + step, x5 = x4 + step, x6 = x5 + step, x7 = x6 + step;
        for (int round = 0; round < rounds; round++)
        {
            x0 = a * x0 + step;
            x1 = a * x1 + step;
            x2 = a * x2 + step;
            x3 = a * x3 + step;
            x4 = a * x4 + step;
            x5 = a * x5 + step;
            x6 = a * x6 + step;
            x7 = a * x7 + step;
        }
        y.Cast<Float4>()[Grid.IdxX * Group.DimX + Group.IdxX] = x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7;
    }

    /// <summary>Sums of a thread on a device that is a CPU: eight sixteens, as GemmCpu has them.</summary>
    public const int CpuChains = 8 * GemmCpu.Columns;

    /// <summary>
    /// The same where a thread is a core: x = x + factor·step, sixteen neighbours each, which the driver's compiler keeps in whole vectors.
    /// step: [16].
    /// </summary>
    public static void MultiplyAddsOfCpu(ArrayView<float> y, ArrayView<float> step, int rounds, float factor)
    {
        var right = step.Cast<Float16>()[0];
        Float16 x0 = right, x1 = x0.Add(factor, right), x2 = x1.Add(factor, right), x3 = x2.Add(factor, right);
        Float16 x4 = x3.Add(factor, right), x5 = x4.Add(factor, right), x6 = x5.Add(factor, right), x7 = x6.Add(factor, right);
        for (int round = 0; round < rounds; round++)
        {
            x0 = x0.Add(factor, right);
            x1 = x1.Add(factor, right);
            x2 = x2.Add(factor, right);
            x3 = x3.Add(factor, right);
            x4 = x4.Add(factor, right);
            x5 = x5.Add(factor, right);
            x6 = x6.Add(factor, right);
            x7 = x7.Add(factor, right);
        }
        x0 = x0.Add(1, x1).Add(1, x2).Add(1, x3).Add(1, x4).Add(1, x5).Add(1, x6).Add(1, x7);
        y.Cast<Float16>()[Grid.IdxX] = x0;
    }
}
