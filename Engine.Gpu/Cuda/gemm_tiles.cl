// Tiles [16][128] in local memory for versions 4 and 5, 256 threads: how the next one arrives while the current one is multiplied. FETCH starts
// it, ARRIVE ends it after the multiplication, then COPIES_DONE and a barrier. On NVIDIA from Ampere on (ASYNC_COPY) cp.async moves it from global
// to local memory past the registers; elsewhere FETCH loads into registers (`four`) and ARRIVE stores them.

#define TILE 128
#define STEP 16

#if ASYNC_COPY
#define UNROLL 8 // steps of p: the most that leaves version 4 its 128 registers without a spill
// 16 bytes, or 4; zeros beyond `bytes` (the copy reads only that many).
#define COPY16(tile, x, bytes) \
    __asm__ volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" :: "r"((uint)(__SIZE_TYPE__)(tile)), "l"((unsigned64)(x)), "r"(bytes) : "memory")
#define COPY4(tile, x, bytes) \
    __asm__ volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" :: "r"((uint)(__SIZE_TYPE__)(tile)), "l"((unsigned64)(x)), "r"(bytes) : "memory")
#define COPIES_DONE() __asm__ volatile("cp.async.wait_all;" ::: "memory")

// The tile [p][i] of a stored matrix. ALONG: stored rows run along i, 16 bytes a copy if they are aligned; else 4 bytes a copy, turning it.
#define FETCH(tile, four, matrix, ALONG, first, extent, p0, k) \
    if (ALONG && (extent) % 4 == 0) \
        for (int part = 0; part < 2; part++) \
        { \
            int p = THREAD / 32 + part * 8, i = THREAD % 32 * 4; \
            int inside = (p0) + p < (k) && (first) + i < (extent); \
            COPY16(&tile[p][i], inside ? matrix + ((p0) + p) * (extent) + (first) + i : matrix, inside ? 16 : 0); \
        } \
    else \
        for (int part = 0; part < 8; part++) \
        { \
            int p = ALONG ? THREAD / 128 + part * 2 : THREAD % 16, i = ALONG ? THREAD % 128 : THREAD / 16 + part * 16; \
            int inside = (p0) + p < (k) && (first) + i < (extent); \
            int at = ALONG ? ((p0) + p) * (extent) + (first) + i : ((first) + i) * (k) + (p0) + p; \
            COPY4(&tile[p][i], inside ? matrix + at : matrix, inside ? 4 : 0); \
        }
#define ARRIVE(tile, four, ALONG)
#else
#define UNROLL 1 // the tile on its way takes 16 registers here
#define FETCH(tile, four, matrix, ALONG, first, extent, p0, k) \
    for (int part = 0; part < 2; part++) \
        four[part] = ALONG ? load4(matrix, (p0) + THREAD / 32 + part * 8, (first) + THREAD % 32 * 4, k, extent) \
                           : load4(matrix, (first) + THREAD / 4 + part * 64, (p0) + THREAD % 4 * 4, extent, k);
#define ARRIVE(tile, four, ALONG) \
    for (int part = 0; part < 2; part++) \
        if (ALONG) \
            *(LOCAL float4*)&tile[THREAD / 32 + part * 8][THREAD % 32 * 4] = four[part]; \
        else \
        { \
            int p = THREAD % 4 * 4, i = THREAD / 4 + part * 64; \
            tile[p][i] = four[part].x; \
            tile[p + 1][i] = four[part].y; \
            tile[p + 2][i] = four[part].z; \
            tile[p + 3][i] = four[part].w; \
        }
#define COPIES_DONE()
#endif

// Groups are numbered in bands of 8 rows of tiles, so that those running at one time share their tiles of A and B in the L2 cache.
#define FIND_TILE(i0, j0, m, n) \
    int tileRows = ((m) + TILE - 1) / TILE, tileColumns = ((n) + TILE - 1) / TILE; \
    int band = GROUP_X / (8 * tileColumns), inBand = GROUP_X - band * 8 * tileColumns; \
    int bandRows = tileRows - band * 8 < 8 ? tileRows - band * 8 : 8; \
    int i0 = (band * 8 + inBand % bandRows) * TILE, j0 = inBand / bandRows * TILE;
