// Philox 4×32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011): ten rounds turn a 128-bit counter and
// a 64-bit key into four random words, without state, so cell i's number depends on i alone and not on which thread draws it.
// Counter: (low, high, 0, 0) of the block's number. Philox.cs is the same on the CPU, bit for bit.

#define PHILOX_ROUND(x, key0, key1) \
    { \
        uint low0 = 0xD2511F53u * x.x, high0 = MULTIPLY_HIGH(0xD2511F53u, x.x); \
        uint low1 = 0xCD9E8D57u * x.z, high1 = MULTIPLY_HIGH(0xCD9E8D57u, x.z); \
        x = (uint4)(high1 ^ x.y ^ (key0), low1, high0 ^ x.w ^ (key1), low0); \
    }

// mask[i] = 0 with probability p, else keep = 1/(1−p). Block b gives cells 4b … 4b+3; u = word / 2³² < p drops, decided on whole words
// (threshold = ⌈p·2³²⌉ in 64 bits, as p may round up to 1).
KERNEL void dropout_mask(GLOBAL float* mask, int count, unsigned64 threshold, float keep, uint key0, uint key1, uint counterLow, uint counterHigh)
{
    FOR_EACH(block, (count + 3) / 4)
    {
        uint low = counterLow + (uint)block, high = counterHigh + (low < counterLow);
        uint4 x = (uint4)(low, high, 0u, 0u);
        uint k0 = key0, k1 = key1;
        for (int round = 0; round < 10; round++)
        {
            PHILOX_ROUND(x, k0, k1);
            k0 += 0x9E3779B9u; // 2³²/golden ratio and √3 − 1: Weyl sequences, as the authors chose
            k1 += 0xBB67AE85u;
        }
        int i = block * 4;
        mask[i] = x.x < threshold ? 0 : keep;
        if (i + 1 < count)
            mask[i + 1] = x.y < threshold ? 0 : keep;
        if (i + 2 < count)
            mask[i + 2] = x.z < threshold ? 0 : keep;
        if (i + 3 < count)
            mask[i + 3] = x.w < threshold ? 0 : keep;
    }
}
