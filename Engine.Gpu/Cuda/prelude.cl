// One source for two compilers: an OpenCL driver at run time, and clang -x cl --target=nvptx64 (PTX for CUDA) when the project is built.
// Everything they name differently goes through these macros. Groups are one-dimensional in threads, two-dimensional in number.
// Rules that hold for both: an address space on every pointer, local arrays only in kernel scope, no built-in function but those below.

#define KERNEL __kernel
#define GLOBAL __global
#define LOCAL __local

// Whether the target has cp.async and TF32 tensor cores (sm_80 and later): build-ptx.sh says so.
#ifndef ASYNC_COPY
#define ASYNC_COPY 0
#endif

// Threads of a group, set by whoever builds: local arrays and the host's launches use the same number.
#ifndef GROUP_THREADS
#define GROUP_THREADS 256
#endif

// Neighbouring threads that share one row in the row-wise kernels. On a CPU device 1: a row then needs no barrier.
#ifndef ROW_LANES
#define ROW_LANES 32
#endif

#ifdef __NVPTX__
#define FUNCTION static inline __attribute__((always_inline))
#define THREAD ((int)__nvvm_read_ptx_sreg_tid_x())
#define GROUP_X ((int)__nvvm_read_ptx_sreg_ctaid_x())
#define GROUP_Y ((int)__nvvm_read_ptx_sreg_ctaid_y())
#define GROUPS_X ((int)__nvvm_read_ptx_sreg_nctaid_x())
#define GROUPS_Y ((int)__nvvm_read_ptx_sreg_nctaid_y())
#define BARRIER() __syncthreads()
#define FMA(a, b, c) __builtin_fmaf((a), (b), (c))
#define SQRT(x) __nvvm_sqrt_rn_f(x)
#define ABS(x) __builtin_fabsf(x)
#define BITS(x) __builtin_astype((x), int)
#define FLOAT(bits) __builtin_astype((bits), float)
#define MULTIPLY_HIGH(a, b) ((uint)(((unsigned64)(a) * (b)) >> 32))
#else
#define FUNCTION // OpenCL C 1.2 inlines by itself
#define THREAD ((int)get_local_id(0))
#define GROUP_X ((int)get_group_id(0))
#define GROUP_Y ((int)get_group_id(1))
#define GROUPS_X ((int)get_num_groups(0))
#define GROUPS_Y ((int)get_num_groups(1))
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define FMA(a, b, c) fma((a), (b), (c))
#define SQRT(x) sqrt(x)
#define ABS(x) fabs(x)
#define BITS(x) as_int(x)
#define FLOAT(bits) as_float(bits)
#define MULTIPLY_HIGH(a, b) mul_hi((uint)(a), (uint)(b))
#endif

typedef unsigned long unsigned64; // 64 bits in OpenCL C, whatever the host

#define INFINITE FLOAT(0x7f800000)

// for (i = this thread; i < count; i += all threads): any count, with any number of groups.
#define FOR_EACH(i, count) \
    for (int i = GROUP_X * GROUP_THREADS + THREAD; i < (count); i += GROUPS_X * GROUP_THREADS)

// y[i] = value, or += if the kernel accumulates.
#define PUT(y, i, value, accumulate) ((y)[i] = (accumulate) ? (y)[i] + (value) : (value))
