// A stand-in for NVIDIA's libcuda.so.1 where there is none: the same calls, carried out on an OpenCL device (PoCL). The PTX is not run: its header
// names the module it was built from, and that module's OpenCL C is compiled instead; but a kernel must be declared in the PTX, with as many
// parameters of the same sizes as OpenCL sees. Graphs run in the order most unlike the one recorded that their edges allow, so a missing edge shows.
// Built by the tests: cc -shared -fPIC -o libcuda_stub.so cuda_stub.c -ldl. STUB_KERNELS names the folder with <module>.cl.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void* handle;
enum { OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_BINARY = 209, NOT_FOUND = 500, LAUNCH_FAILED = 719 };
enum { MAX_ARGUMENTS = 32, MAX_NODES = 4096 };

typedef struct { handle program; char* ptx; } module;
typedef struct { handle kernel; int count; int size[MAX_ARGUMENTS]; int is_pointer[MAX_ARGUMENTS]; } function;
typedef struct { function* function; unsigned grid_x, grid_y, grid_z, block_x, block_y, block_z, shared; void** parameters; void** extra; } node_params;
typedef struct { function* function; unsigned grid_x, grid_y, block_x; uint64_t values[MAX_ARGUMENTS]; int dependency_count; int* dependencies; } node;
typedef struct { int count; node* nodes; } graph;
typedef struct { double seconds; } event;

static handle library, device, context, queue;
static void* cl(const char* name) { return dlsym(library, name); }
#define CL(result, name, parameters) ((result(*) parameters) cl(#name))

// ---- what the tests ask and order ----------------------------------------------------------------------------------------------
static struct { const char* name; int calls, fail_status, fail_times; } seen[64];
static int seen_count;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static int entry(const char* name)
{
    pthread_mutex_lock(&gate);
    int i = 0;
    while (i < seen_count && strcmp(seen[i].name, name) != 0)
        i++;
    if (i == seen_count)
        seen[seen_count++].name = strdup(name);
    pthread_mutex_unlock(&gate);
    return i;
}

int stub_calls(const char* name) { return seen[entry(name)].calls; }

// The next `times` calls return status.
void stub_fail(const char* name, int status, int times)
{
    int i = entry(name);
    seen[i].fail_status = status;
    seen[i].fail_times = times;
}

static int enter(const char* name)
{
    int i = entry(name);
    seen[i].calls++;
    return seen[i].fail_times-- > 0 ? seen[i].fail_status : OK;
}
#define ENTER { int failed = enter(__func__); if (failed) return failed; }
#define NEEDS_CONTEXT { if (!current) return 201; }

static __thread int current;

// ---- devices -------------------------------------------------------------------------------------------------------------------
int cuInit(unsigned flags)
{
    ENTER
    if (queue)
        return OK;
    library = dlopen("libOpenCL.so.1", RTLD_NOW);
    handle platform;
    if (!library || CL(int, clGetPlatformIDs, (unsigned, handle*, unsigned*))(1, &platform, 0) != 0)
        return 100;
    if (CL(int, clGetDeviceIDs, (handle, uint64_t, unsigned, handle*, unsigned*))(platform, 0xFFFFFFFF, 1, &device, 0) != 0)
        return 100;
    context = CL(handle, clCreateContext, (void*, unsigned, handle*, void*, void*, int*))(0, 1, &device, 0, 0, 0);
    queue = CL(handle, clCreateCommandQueue, (handle, handle, uint64_t, int*))(context, device, 0, 0);
    return queue ? OK : 100;
}

int cuDriverGetVersion(int* version) { ENTER *version = 12040; return OK; }
int cuDeviceGetCount(int* count) { ENTER *count = 1; return OK; }
int cuDeviceGet(int* result, int ordinal) { ENTER *result = ordinal; return ordinal == 0 ? OK : 101; }
int cuDeviceGetName(char* name, int length, int ordinal) { ENTER snprintf(name, length, "stand-in on OpenCL"); return OK; }
int cuDeviceTotalMem_v2(size_t* bytes, int ordinal) { ENTER *bytes = (size_t)1 << 30; return OK; }

int cuDeviceGetAttribute(int* value, int attribute, int ordinal)
{
    ENTER
    switch (attribute)
    {
        case 8: *value = 49152; return OK;
        case 13: *value = 1000000; return OK;
        case 16: *value = 4; return OK;
        case 75: *value = 8; return OK;
        case 76: *value = 0; return OK;
        default: return INVALID_VALUE;
    }
}

int cuDevicePrimaryCtxRetain(handle* result, int ordinal) { ENTER *result = context; return OK; }
int cuDevicePrimaryCtxRelease_v2(int ordinal) { ENTER return OK; }
int cuCtxSetCurrent(handle context_) { ENTER current = context_ == context; return current ? OK : INVALID_VALUE; }

int cuGetErrorName(int error, const char** text)
{
    *text = error == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : error == LAUNCH_FAILED ? "CUDA_ERROR_LAUNCH_FAILED" : "CUDA_ERROR_UNKNOWN";
    return OK;
}

int cuGetErrorString(int error, const char** text) { *text = "said the stand-in"; return OK; }

// ---- memory --------------------------------------------------------------------------------------------------------------------
static int finish(void) { return CL(int, clFinish, (handle))(queue) == 0 ? OK : LAUNCH_FAILED; }

int cuMemAlloc_v2(void** buffer, size_t bytes)
{
    ENTER NEEDS_CONTEXT
    *buffer = CL(void*, clSVMAlloc, (handle, uint64_t, size_t, unsigned))(context, 1, bytes, 0);
    if (*buffer)
        memset(*buffer, 0xFF, bytes); // NaN: an uninitialised read shows
    return *buffer ? OK : OUT_OF_MEMORY;
}

int cuMemFree_v2(void* buffer)
{
    ENTER NEEDS_CONTEXT
    int status = finish();
    CL(void, clSVMFree, (handle, void*))(context, buffer);
    return status;
}

int cuMemcpyHtoDAsync_v2(void* target, const void* source, size_t bytes, handle stream)
{
    ENTER NEEDS_CONTEXT
    int status = finish();
    memcpy(target, source, bytes);
    return status;
}

int cuMemcpyDtoHAsync_v2(void* target, const void* source, size_t bytes, handle stream)
{
    ENTER NEEDS_CONTEXT
    int status = finish();
    memcpy(target, source, bytes);
    return status;
}

// ---- streams and events --------------------------------------------------------------------------------------------------------
int cuStreamCreate(handle* stream, unsigned flags) { ENTER NEEDS_CONTEXT *stream = queue; return OK; }
int cuStreamDestroy_v2(handle stream) { ENTER return OK; }
int cuStreamSynchronize(handle stream) { ENTER NEEDS_CONTEXT return stream == queue ? finish() : INVALID_VALUE; }
int cuEventCreate(event** created, unsigned flags) { ENTER NEEDS_CONTEXT *created = calloc(1, sizeof(event)); return OK; }
int cuEventDestroy_v2(event* destroyed) { ENTER free(destroyed); return OK; }
int cuEventSynchronize(event* recorded) { ENTER return finish(); }

int cuEventRecord(event* recorded, handle stream)
{
    ENTER
    struct timespec now;
    int status = finish();
    clock_gettime(CLOCK_MONOTONIC, &now);
    recorded->seconds = now.tv_sec + now.tv_nsec * 1e-9;
    return status;
}

int cuEventElapsedTime(float* milliseconds, event* start, event* end)
{
    ENTER
    *milliseconds = (float)((end->seconds - start->seconds) * 1e3);
    return OK;
}

// ---- modules -------------------------------------------------------------------------------------------------------------------
int cuModuleLoadDataEx(module** result, const char* ptx, unsigned count, unsigned* options, void** values)
{
    ENTER NEEDS_CONTEXT
    char name[64], path[4096];
    if (sscanf(ptx, "// NativeNN %63[a-z0-9_].cl", name) != 1)
        return NO_BINARY;
    snprintf(path, sizeof path, "%s/%s.cl", getenv("STUB_KERNELS"), name);
    FILE* file = fopen(path, "rb");
    if (!file)
        return NO_BINARY;
    size_t capacity = 1 << 22;
    char* text = malloc(capacity);
    size_t length = fread(text, 1, capacity, file);
    fclose(file);
    handle program = CL(handle, clCreateProgramWithSource, (handle, unsigned, char**, size_t*, int*))(context, 1, &text, &length, 0);
    free(text);
    if (CL(int, clBuildProgram, (handle, unsigned, handle*, const char*, void*, void*))(program, 1, &device,
            "-cl-std=CL1.2 -cl-kernel-arg-info -D ROW_LANES=32", 0, 0) != 0)
        return NO_BINARY;
    *result = malloc(sizeof(module));
    (*result)->program = program;
    (*result)->ptx = strdup(ptx);
    return OK;
}

int cuModuleUnload(module* unloaded) { ENTER NEEDS_CONTEXT return OK; }

int cuModuleGetFunction(function** result, module* from, const char* name)
{
    ENTER NEEDS_CONTEXT
    char declaration[128];
    snprintf(declaration, sizeof declaration, ".entry %s(", name);
    const char* at = strstr(from->ptx, declaration);
    int status;
    handle kernel = CL(handle, clCreateKernel, (handle, const char*, int*))(from->program, name, &status);
    if (!at || status != 0)
        return NOT_FOUND;
    function* made = calloc(1, sizeof(function));
    made->kernel = kernel;
    const char* end = strchr(at, ')');
    for (at = strstr(at, ".param ."); at && at < end; at = strstr(at + 1, ".param ."))
        made->size[made->count++] = strncmp(at + 9, "64", 2) == 0 ? 8 : 4;
    unsigned count = 0;
    CL(int, clGetKernelInfo, (handle, unsigned, size_t, void*, size_t*))(kernel, 0x1191, sizeof count, &count, 0);
    if ((int)count != made->count)
        return NOT_FOUND;
    for (int i = 0; i < made->count; i++)
    {
        unsigned address = 0;
        CL(int, clGetKernelArgInfo, (handle, unsigned, unsigned, size_t, void*, size_t*))(kernel, i, 0x1196, sizeof address, &address, 0);
        made->is_pointer[i] = address == 0x119B; // CL_KERNEL_ARG_ADDRESS_GLOBAL
    }
    *result = made;
    return OK;
}

// ---- launches ------------------------------------------------------------------------------------------------------------------
static int run(const node* n)
{
    for (int i = 0; i < n->function->count; i++)
    {
        int status = n->function->is_pointer[i]
            ? CL(int, clSetKernelArgSVMPointer, (handle, unsigned, const void*))(n->function->kernel, i, (void*)n->values[i])
            : CL(int, clSetKernelArg, (handle, unsigned, size_t, const void*))(n->function->kernel, i, n->function->size[i], &n->values[i]);
        if (status != 0)
            return INVALID_VALUE;
    }
    size_t total[2] = {(size_t)n->grid_x * n->block_x, n->grid_y}, group[2] = {n->block_x, 1};
    return CL(int, clEnqueueNDRangeKernel, (handle, handle, unsigned, size_t*, size_t*, size_t*, unsigned, handle*, handle*))(
        queue, n->function->kernel, 2, 0, total, group, 0, 0, 0) == 0 ? OK : INVALID_VALUE;
}

static void take(node* n, function* f, unsigned grid_x, unsigned grid_y, unsigned block_x, void** parameters)
{
    n->function = f;
    n->grid_x = grid_x;
    n->grid_y = grid_y;
    n->block_x = block_x;
    for (int i = 0; i < f->count; i++)
    {
        n->values[i] = 0;
        memcpy(&n->values[i], parameters[i], f->size[i]);
    }
}

int cuLaunchKernel(function* f, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y, unsigned block_z,
    unsigned shared, handle stream, void** parameters, void** extra)
{
    ENTER NEEDS_CONTEXT
    if (grid_x == 0 || grid_y == 0 || grid_z != 1 || block_x > 1024 || block_y != 1 || block_z != 1 || grid_y > 65535 || stream != queue)
        return INVALID_VALUE;
    node n;
    take(&n, f, grid_x, grid_y, block_x, parameters);
    return run(&n);
}

// ---- graphs: a node's handle is its index + 1 ----------------------------------------------------------------------------------
int cuGraphCreate(graph** result, unsigned flags)
{
    ENTER NEEDS_CONTEXT
    *result = calloc(1, sizeof(graph));
    (*result)->nodes = calloc(MAX_NODES, sizeof(node));
    return OK;
}

int cuGraphAddKernelNode(uintptr_t* result, graph* g, const uintptr_t* dependencies, size_t count, const node_params* p)
{
    ENTER NEEDS_CONTEXT
    node* n = &g->nodes[g->count];
    take(n, p->function, p->grid_x, p->grid_y, p->block_x, p->parameters);
    n->dependency_count = (int)count;
    n->dependencies = malloc((count + 1) * sizeof(int));
    for (size_t i = 0; i < count; i++)
    {
        if (dependencies[i] == 0 || dependencies[i] > (uintptr_t)g->count)
            return INVALID_VALUE;
        n->dependencies[i] = (int)dependencies[i] - 1;
    }
    *result = ++g->count;
    return OK;
}

int cuGraphInstantiateWithFlags(graph** executable, graph* g, uint64_t flags) { ENTER NEEDS_CONTEXT *executable = g; return OK; }

int cuGraphExecKernelNodeSetParams(graph* executable, uintptr_t index, const node_params* p)
{
    ENTER NEEDS_CONTEXT
    if (index == 0 || index > (uintptr_t)executable->count || executable->nodes[index - 1].function != p->function)
        return INVALID_VALUE;
    take(&executable->nodes[index - 1], p->function, p->grid_x, p->grid_y, p->block_x, p->parameters);
    return OK;
}

// Of the nodes whose dependencies are done, always the one recorded last.
int cuGraphLaunch(graph* executable, handle stream)
{
    ENTER NEEDS_CONTEXT
    char done[MAX_NODES] = {0};
    for (int step = 0; step < executable->count; step++)
    {
        int chosen = -1;
        for (int i = executable->count - 1; i >= 0 && chosen < 0; i--)
        {
            int ready = !done[i];
            for (int d = 0; d < executable->nodes[i].dependency_count; d++)
                ready = ready && done[executable->nodes[i].dependencies[d]];
            if (ready)
                chosen = i;
        }
        int status = run(&executable->nodes[chosen]);
        if (status)
            return status;
        done[chosen] = 1;
    }
    return OK;
}

int cuGraphExecDestroy(graph* executable) { ENTER return OK; }
int cuGraphDestroy(graph* g) { ENTER free(g->nodes); free(g); return OK; }
