// Sums and maxima across the threads of a row (ROW_LANES neighbours) or of a whole group. Every thread of the group must call them.
// scratch: GROUP_THREADS cells of local memory. The result comes back to every thread.

#define ROWS_PER_GROUP (GROUP_THREADS / ROW_LANES)

#ifdef __NVPTX__
// A warp's lanes exchange registers; no memory, no barrier.
#define FROM_LANE(value, distance, scratch) __nvvm_shfl_sync_bfly_f32(0xffffffff, (value), (distance), 31)
#else
FUNCTION float from_lane(float value, int distance, LOCAL float* scratch)
{
    BARRIER(); // the last exchange may still be reading
    scratch[THREAD] = value;
    BARRIER();
    return scratch[THREAD ^ distance];
}
#define FROM_LANE(value, distance, scratch) from_lane((value), (distance), (scratch))
#endif

FUNCTION float row_sum(float value, LOCAL float* scratch)
{
#if ROW_LANES > 1
    for (int distance = ROW_LANES / 2; distance > 0; distance /= 2)
        value += FROM_LANE(value, distance, scratch);
#endif
    return value;
}

FUNCTION float row_max(float value, LOCAL float* scratch)
{
#if ROW_LANES > 1
    for (int distance = ROW_LANES / 2; distance > 0; distance /= 2)
    {
        float other = FROM_LANE(value, distance, scratch);
        value = other > value ? other : value;
    }
#endif
    return value;
}

// A tree in local memory: the same order, hence the same bits, on every run.
FUNCTION float group_sum(float value, LOCAL float* scratch)
{
    BARRIER();
    scratch[THREAD] = value;
    BARRIER();
    for (int distance = GROUP_THREADS / 2; distance > 0; distance /= 2)
    {
        if (THREAD < distance)
            scratch[THREAD] += scratch[THREAD + distance];
        BARRIER();
    }
    return scratch[0];
}

// Kahan: what an addition rounds off is carried into the next one, so a long sum is as exact as a short one.
#define ADD_CAREFULLY(sum, carry, value) \
    { \
        float kahanTerm = (value) - (carry), kahanTotal = (sum) + kahanTerm; \
        (carry) = (kahanTotal - (sum)) - kahanTerm; \
        (sum) = kahanTotal; \
    }

// for (row of this group, all groups together covering rows): every thread runs the same number of rounds, as the barriers need.
// row is the round's row of this thread, possibly ≥ rows; COLUMNS_OF_LANE walks it.
#define FOR_EACH_ROW(row, rows) \
    for (int row = GROUP_X * ROWS_PER_GROUP + THREAD / ROW_LANES, last_##row = GROUP_X * ROWS_PER_GROUP; last_##row < (rows); \
        row += GROUPS_X * ROWS_PER_GROUP, last_##row += GROUPS_X * ROWS_PER_GROUP)

#define COLUMNS_OF_LANE(c, active, columns) for (int c = (active) ? THREAD % ROW_LANES : (columns); c < (columns); c += ROW_LANES)
