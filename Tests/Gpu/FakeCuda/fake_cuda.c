// A stand-in for NVIDIA's libcuda.so.1 where there is none. It runs no kernel: it checks every call and writes down what a device would be told,
// so that tests can read it. A kernel's parameters are those that its PTX declares; both ways of passing them end as the same bytes.
// Built by the tests: cc -shared -fPIC -o libfake_cuda.so fake_cuda.c
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_CONTEXT = 201, INVALID_PTX = 218, NOT_FOUND = 500 };
enum { MAX_PARAMETERS = 32, MAX_BYTES = 16, MAX_NODES = 4096, MEMORY = 1 << 28 };

typedef struct { char* ptx; } module;
typedef struct { char name[128]; int count, size[MAX_PARAMETERS], offset[MAX_PARAMETERS], total; } function;
typedef struct
{
    function* function;
    unsigned grid_x, grid_y, grid_z, block_x, block_y, block_z, shared;
    void **parameters, **extra;
} node_params;
typedef struct { function* function; unsigned grid_x, grid_y, block_x; unsigned char bytes[MAX_PARAMETERS][MAX_BYTES]; } launch;
typedef struct { int count; launch* nodes; } graph;
typedef struct allocation { struct allocation* next; size_t bytes; char* start; } allocation;

static allocation* allocations;
static size_t allocated;
static int context, stream; // their addresses are the handles
static __thread int current;

// ---- what the tests ask and order ----------------------------------------------------------------------------------------------
static struct { const char* name; int calls, fail_status, fail_times; } seen[64];
static int seen_count;
static char text[1 << 20];
static size_t text_length;

static int entry(const char* name)
{
    int i = 0;
    while (i < seen_count && strcmp(seen[i].name, name) != 0)
        i++;
    if (i == seen_count)
        seen[seen_count++].name = strdup(name);
    return i;
}

int fake_calls(const char* name) { return seen[entry(name)].calls; }
void fake_fail(const char* name, int status, int times) { int i = entry(name); seen[i].fail_status = status; seen[i].fail_times = times; }
void fake_forget(void) { text_length = 0; text[0] = 0; }
const char* fake_text(void) { return text; }
long fake_bytes(void) { return (long)allocated; }

static int enter(const char* name)
{
    int i = entry(name);
    seen[i].calls++;
    return seen[i].fail_times-- > 0 ? seen[i].fail_status : OK;
}
#define ENTER { int failed = enter(__func__); if (failed) return failed; }
#define NEEDS_CONTEXT { if (!current) return INVALID_CONTEXT; }

// One line: name, groups, threads, and each parameter's bytes, the lowest first.
static void write_down(const char* how, const launch* l)
{
    if (text_length > sizeof text - 4096)
        return;
    text_length += sprintf(text + text_length, "%s %s %u,%u,%u", how, l->function->name, l->grid_x, l->grid_y, l->block_x);
    for (int i = 0; i < l->function->count; i++)
    {
        text_length += sprintf(text + text_length, " ");
        for (int b = 0; b < l->function->size[i]; b++)
            text_length += sprintf(text + text_length, "%02x", l->bytes[i][b]);
    }
    text_length += sprintf(text + text_length, "\n");
}

// ---- devices, contexts, streams ------------------------------------------------------------------------------------------------
int cuInit(unsigned flags) { ENTER return OK; }
int cuDriverGetVersion(int* version) { ENTER *version = 12040; return OK; }
int cuDeviceGetCount(int* count) { ENTER *count = 1; return OK; }
int cuDeviceGet(int* device, int ordinal) { ENTER *device = ordinal; return OK; }
int cuDeviceGetName(char* name, int length, int device) { ENTER snprintf(name, length, "fake"); return OK; }
int cuDeviceTotalMem_v2(size_t* bytes, int device) { ENTER *bytes = MEMORY; return OK; }

int cuDeviceGetAttribute(int* value, int attribute, int device)
{
    ENTER
    switch (attribute)
    {
        case 1: case 2: case 3: *value = 1024; break;            // threads of a group
        case 4: case 5: case 6: case 7: *value = 65535; break;   // groups
        case 8: *value = 49152; break;                           // shared memory
        case 10: *value = 32; break;                             // warp
        case 13: *value = 1000000; break;                        // kHz
        case 16: *value = 4; break;                              // multiprocessors
        case 39: *value = 2048; break;                           // threads of a multiprocessor
        case 75: *value = 8; break;                              // compute capability 8.0
        case 76: *value = 0; break;
        default: *value = 1;
    }
    return OK;
}

int cuCtxCreate_v2(void** result, int flags, int device) { ENTER *result = &context; current = 1; return OK; }
int cuCtxDestroy_v2(void* destroyed) { ENTER return OK; }
int cuCtxSetCurrent(void* set) { ENTER current = set == &context; return OK; }
int cuCtxSynchronize(void) { ENTER return OK; }
int cuCtxGetSharedMemConfig(int* config) { ENTER *config = 0; return OK; }
int cuCtxGetCacheConfig(int* config) { ENTER *config = 0; return OK; }
int cuStreamCreate(void** result, unsigned flags) { ENTER NEEDS_CONTEXT *result = &stream; return OK; }
int cuStreamDestroy_v2(void* destroyed) { ENTER return OK; }
int cuStreamSynchronize(void* s) { ENTER NEEDS_CONTEXT return s == &stream ? OK : INVALID_VALUE; }
int cuGetErrorString(int error, const char** result) { *result = error == 719 ? "unspecified launch failure" : "an error"; return OK; }

// ---- memory --------------------------------------------------------------------------------------------------------------------
int cuMemAlloc_v2(void** result, size_t bytes)
{
    ENTER NEEDS_CONTEXT
    if (allocated + bytes > MEMORY)
        return OUT_OF_MEMORY;
    allocation* made = malloc(sizeof(allocation));
    *made = (allocation){allocations, bytes, calloc(bytes, 1)};
    allocations = made;
    allocated += bytes;
    *result = made->start;
    return OK;
}

int cuMemFree_v2(void* start)
{
    ENTER NEEDS_CONTEXT
    for (allocation** at = &allocations; *at; at = &(*at)->next)
        if ((*at)->start == start)
        {
            allocation* freed = *at;
            *at = freed->next;
            allocated -= freed->bytes;
            free(freed->start);
            free(freed);
            return OK;
        }
    return INVALID_VALUE;
}

int cuMemcpyAsync(void* target, const void* source, size_t bytes, void* s)
{
    ENTER NEEDS_CONTEXT
    memcpy(target, source, bytes);
    return s == &stream ? OK : INVALID_VALUE;
}

static int is_buffer(uint64_t pointer)
{
    for (allocation* a = allocations; a; a = a->next)
        if ((uint64_t)a->start == pointer)
            return 1;
    return 0;
}

// ---- modules: parameters as PTX declares them: ".param .align 8 .b8 _y[16]", ".param .f32 _value" ---------------------------------
int cuModuleLoadDataEx(module** result, const char* ptx, int count, void* options, void* values)
{
    ENTER NEEDS_CONTEXT
    if (!strstr(ptx, ".version") || !strstr(ptx, ".entry"))
        return INVALID_PTX;
    *result = malloc(sizeof(module));
    (*result)->ptx = strdup(ptx);
    return OK;
}

int cuModuleLoadData(module** result, const char* ptx) { return cuModuleLoadDataEx(result, ptx, 0, 0, 0); }
int cuModuleUnload(module* unloaded) { ENTER return OK; }

int cuModuleGetFunction(function** result, module* from, const char* name)
{
    ENTER NEEDS_CONTEXT
    char declaration[160];
    snprintf(declaration, sizeof declaration, ".entry %s(", name);
    const char* at = strstr(from->ptx, declaration);
    if (!at)
        return NOT_FOUND;
    function* made = calloc(1, sizeof(function));
    snprintf(made->name, sizeof made->name, "%s", name);
    const char* end = strchr(at, ')');
    for (at = strstr(at, ".param"); at && at < end; at = strstr(at + 1, ".param"))
    {
        int alignment = 0, bits = 0, cells = 1;
        const char* type = at + 6;
        sscanf(type, " .align %d", &alignment);
        if (alignment)
            type = strchr(strstr(type, ".align") + 7, '.');
        sscanf(type, " .%*c%d", &bits);
        const char *comma = strchr(type, ','), *bracket = strchr(type, '[');
        if (bracket && bracket < end && (!comma || bracket < comma))
            cells = atoi(bracket + 1);
        int i = made->count++, size = bits / 8 * cells;
        if (!alignment)
            alignment = size;
        if (size == 0 || size > MAX_BYTES || made->count > MAX_PARAMETERS)
            return INVALID_PTX;
        made->size[i] = size;
        made->offset[i] = (made->total + alignment - 1) / alignment * alignment;
        made->total = made->offset[i] + size;
    }
    *result = made;
    return OK;
}

// ---- launches ------------------------------------------------------------------------------------------------------------------
static int take(launch* l, const node_params* p)
{
    function* f = p->function;
    if (p->grid_x == 0 || p->grid_y == 0 || p->grid_y > 65535 || p->grid_z != 1
        || p->block_x == 0 || p->block_x > 1024 || p->block_y != 1 || p->block_z != 1)
        return INVALID_VALUE;
    *l = (launch){f, p->grid_x, p->grid_y, p->block_x};
    const char* block = 0;
    if (p->extra)
    {
        if (p->extra[0] != (void*)1 || p->extra[2] != (void*)2 || p->extra[4] || *(size_t*)p->extra[3] < (size_t)f->total)
            return INVALID_VALUE;
        block = p->extra[1];
    }
    for (int i = 0; i < f->count; i++)
    {
        memcpy(l->bytes[i], block ? block + f->offset[i] : p->parameters[i], f->size[i]);
        if (f->size[i] == 16 && !is_buffer(*(uint64_t*)l->bytes[i]))
            return INVALID_VALUE;
    }
    return OK;
}

int cuLaunchKernel(function* f, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y, unsigned block_z,
    unsigned shared, void* s, void** parameters, void** extra)
{
    ENTER NEEDS_CONTEXT
    launch l;
    int status = take(&l, &(node_params){f, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared, parameters, extra});
    if (status || s != &stream)
        return INVALID_VALUE;
    write_down("launch", &l);
    return OK;
}

// ---- graphs: a node's handle is its index + 1 ----------------------------------------------------------------------------------
int cuGraphCreate(graph** result, unsigned flags)
{
    ENTER NEEDS_CONTEXT
    *result = calloc(1, sizeof(graph));
    (*result)->nodes = calloc(MAX_NODES, sizeof(launch));
    return OK;
}

int cuGraphAddKernelNode(uintptr_t* result, graph* g, const uintptr_t* dependencies, size_t count, const node_params* p)
{
    ENTER NEEDS_CONTEXT
    for (size_t i = 0; i < count; i++)
        if (dependencies[i] == 0 || dependencies[i] > (uintptr_t)g->count)
            return INVALID_VALUE;
    int status = take(&g->nodes[g->count], p);
    *result = ++g->count;
    return status;
}

int cuGraphInstantiateWithFlags(graph** executable, graph* g, uint64_t flags) { ENTER NEEDS_CONTEXT *executable = g; return OK; }

int cuGraphExecKernelNodeSetParams(graph* executable, uintptr_t index, const node_params* p)
{
    ENTER NEEDS_CONTEXT
    if (index == 0 || index > (uintptr_t)executable->count || executable->nodes[index - 1].function != p->function)
        return INVALID_VALUE;
    return take(&executable->nodes[index - 1], p);
}

int cuGraphLaunch(graph* executable, void* s)
{
    ENTER NEEDS_CONTEXT
    for (int i = 0; i < executable->count; i++)
        write_down("node", &executable->nodes[i]);
    return s == &stream ? OK : INVALID_VALUE;
}

int cuGraphExecDestroy(graph* executable) { ENTER return OK; }
int cuGraphDestroy(graph* g) { ENTER free(g->nodes); free(g); return OK; }
