using ILGPU;
using NativeNN.Random;

namespace NativeNN.Gpu.Kernels;

/// <summary>Random numbers without state: cell i's depends on i and a key alone, and not on which thread draws it.</summary>
internal static class Random
{
    /// <summary>
    /// mask[i] = keep where word i mod 4 of Philox block i/4 is below the limit, else 0. limit = ⌈(1−p)·2³²⌉ may be 2³² itself, hence 64
    /// bits; keep = 1/(1−p).
    /// </summary>
    public static void DropoutMask(ArrayView<float> mask, int count, ulong limit, float keep, uint key0, uint key1)
    {
        for (int block = ThreadGrid.First; block < (count + 3) / 4; block += ThreadGrid.All)
        {
            var (x, y, z, w) = Philox.Block(((uint)block, 0, 0, 0), (key0, key1));
            int i = block * 4;
            mask[i] = x < limit ? keep : 0f;
            if (i + 1 < count)
                mask[i + 1] = y < limit ? keep : 0f;
            if (i + 2 < count)
                mask[i + 2] = z < limit ? keep : 0f;
            if (i + 3 < count)
                mask[i + 3] = w < limit ? keep : 0f;
        }
    }
}
