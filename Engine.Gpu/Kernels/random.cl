// Philox 4×32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011): ten rounds turn a 128-bit counter and
// a 64-bit key into four random words, without state, so cell i's number depends on i alone and not on which thread draws it.
// Counter: (block, 0, 0, 0). Engine/Random/Philox.cs is the same, bit for bit.

#define PHILOX_ROUND(x, key0, key1) \
    { \
        uint low0 = 0xD2511F53u * x.x, high0 = MULTIPLY_HIGH(0xD2511F53u, x.x); \
        uint low1 = 0xCD9E8D57u * x.z, high1 = MULTIPLY_HIGH(0xCD9E8D57u, x.z); \
        x = (uint4)(high1 ^ x.y ^ (key0), low1, high0 ^ x.w ^ (key1), low0); \
    }

// mask[i] = keep where word i%4 of block i/4 is below the limit, else 0. limit = ⌈(1−p)·2³²⌉ may be 2³² itself, hence 64 bits; keep = 1/(1−p).
KERNEL void dropout_mask(GLOBAL float* mask, int count, unsigned64 limit, float keep, uint key0, uint key1)
{
    FOR_EACH(block, (count + 3) / 4)
    {
        uint4 x = (uint4)((uint)block, 0u, 0u, 0u);
        uint k0 = key0, k1 = key1;
        for (int round = 0; round < 10; round++)
        {
            PHILOX_ROUND(x, k0, k1);
            k0 += 0x9E3779B9u; // 2³²/golden ratio and √3 − 1: Weyl sequences, as the authors chose
            k1 += 0xBB67AE85u;
        }
        int i = block * 4;
        mask[i] = x.x < limit ? keep : 0;
        if (i + 1 < count)
            mask[i + 1] = x.y < limit ? keep : 0;
        if (i + 2 < count)
            mask[i + 2] = x.z < limit ? keep : 0;
        if (i + 3 < count)
            mask[i + 3] = x.w < limit ? keep : 0;
    }
}
