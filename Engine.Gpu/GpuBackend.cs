using NativeNN.Backends;
using NativeNN.Gpu.Runtime;
using NativeNN.Random;

namespace NativeNN.Gpu;

/// <summary>
/// The kernels on an OpenCL or CUDA device. Buffers stay there; calls queue work and return; Read waits. Results differ from the CPU's in the
/// last bits only (other orders of summation). Calls from several threads are taken one at a time. Errors are <see cref="GpuException"/>s; one of
/// a launch may come with a later call. Where the driver has graphs (CUDA), launches are written down and a training step goes out as one: by itself,
/// as a step begins where a batch is gathered, or around <see cref="RunStep"/>.
/// </summary>
public sealed partial class GpuBackend : Backend, IDisposable
{
    private readonly GpuRuntime runtime;
    private readonly BufferPool pool;
    private readonly GraphCache graphs;
    private readonly Dictionary<string, GpuKernel> kernels = [];
    private readonly LaunchRecord record = new();
    private readonly Lock gate = new();

    // Work without batches goes out in pieces of this many launches.
    private const int LongestRecord = 512;
    private bool insideStep, lastWasGather;

    internal GpuBackend(GpuRuntime runtime)
    {
        this.runtime = runtime;
        pool = new BufferPool(this, runtime, beforeFree: Submit);
        graphs = new GraphCache(runtime);
    }

    /// <inheritdoc/>
    public override string Name => runtime.Device.Name;

    /// <summary>Philox: each of its threads draws its own number.</summary>
    public override DropoutKernel DropoutKernel => DropoutKernel.Philox;

    /// <summary>The device behind it.</summary>
    public GpuDevice Device => runtime.Device;

    /// <summary>Steps that went out as graphs, and launches that were written down but went out one by one.</summary>
    internal (long Graphs, long Launches) StepsSubmitted => graphs.Submitted;

    /// <summary>Whether steps can go out as graphs here.</summary>
    internal bool HasGraphs => runtime.HasGraphs;

    /// <summary>Whether the TF32×3 matrix product (GemmVersion.TensorCores) can run here.</summary>
    public bool HasTensorCores => runtime.HasTensorCores;

    /// <summary>Off: every launch goes out by itself. For measuring what graphs are worth.</summary>
    internal bool UsesGraphs
    {
        get;
        set
        {
            Synchronize();
            field = value;
        }
    } = true;

    // ---- memory ---------------------------------------------------------------------------------------------------------------

    /// <inheritdoc/>
    public override Storage Allocate(int length)
    {
        lock (gate)
            return pool.Allocate(length);
    }

    internal override void Recycle(Storage storage)
    {
        lock (gate)
            pool.Recycle((GpuStorage)storage);
    }

    /// <inheritdoc/>
    public override unsafe void Write(ReadOnlySpan<float> values, Storage target, int offset = 0)
    {
        fixed (float* pointer = values)
            WriteBytes(pointer, values.Length, target, offset);
    }

    /// <inheritdoc/>
    public override unsafe void Read(Storage source, Span<float> values, int offset = 0)
    {
        fixed (float* pointer = values)
            ReadBytes(pointer, values.Length, source, offset);
    }

    /// <inheritdoc/>
    public override unsafe void WriteInts(ReadOnlySpan<int> values, Storage target, int offset = 0)
    {
        fixed (int* pointer = values)
            WriteBytes(pointer, values.Length, target, offset);
    }

    /// <inheritdoc/>
    public override unsafe void ReadInts(Storage source, Span<int> values, int offset = 0)
    {
        fixed (int* pointer = values)
            ReadBytes(pointer, values.Length, source, offset);
    }

    /// <inheritdoc/>
    public override void Copy(Storage source, int sourceOffset, Storage target, int targetOffset, int count)
    {
        CheckRange(source, sourceOffset, count);
        CheckRange(target, targetOffset, count);
        LaunchEach("elementwise", "copy_cells", count, [Reads(source), sourceOffset, Writes(target), targetOffset, count]);
    }

    /// <inheritdoc/>
    public override void Fill(Storage y, float value, int count) => LaunchEach("elementwise", "fill", count, [Writes(y), value, count]);

    /// <inheritdoc/>
    public override void Synchronize()
    {
        lock (gate)
        {
            Submit();
            runtime.Synchronize();
        }
    }

    /// <summary>
    /// Runs one training step, or any work, whose launches go out together when it ends. On CUDA they become a graph the second time the same launches
    /// come by: independent kernels then overlap and one call starts them all. Reading or writing inside the step is allowed and splits it there.
    /// </summary>
    public override void RunStep(Action work)
    {
        lock (gate)
        {
            bool outermost = !insideStep; // a step within a step belongs to the outer one
            insideStep = true;
            try
            {
                work();
            }
            finally
            {
                insideStep = !outermost;
                if (outermost)
                    Submit();
            }
        }
    }

    /// <summary>Milliseconds the device takes for the work that the action queues, transfers included if it makes any.</summary>
    public double Time(Action work)
    {
        lock (gate)
        {
            Submit();
            return runtime.Time(() =>
            {
                work();
                Submit();
            });
        }
    }

    /// <summary>
    /// The most GFLOP/s in float32: what the driver says, else measured (the fastest of several runs of Kernels/peak.cl, about 0.1 s).
    /// </summary>
    internal double PeakGflops() => Device.PeakGflops ?? MeasurePeak();

    private double MeasurePeak()
    {
        const int rounds = 1024, runs = 20;
        int lanes = runtime.UsesCpuKernels ? 16 : 4, chains = runtime.UsesCpuKernels ? 12 : 8, groups = 8 * Device.ComputeUnits;
        var y = Allocate(groups * GpuRuntime.GroupThreads * lanes);
        double best = double.MaxValue;
        for (int run = 0; run < runs; run++)
            best = Math.Min(best, Time(() => Launch("peak", "multiply_adds", new LaunchShape(groups), [Writes(y), rounds, 0.999f, 1e-3f])));
        Recycle(y);
        return 2.0 * chains * lanes * rounds * groups * GpuRuntime.GroupThreads / best * 1e-6;
    }

    /// <summary>Gives the device back; its storages are of no use after that.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            graphs.Dispose();
            pool.Dispose();
            runtime.Dispose();
        }
    }

    // ---- launching ------------------------------------------------------------------------------------------------------------

    private static KernelArgument Reads(Storage storage) => new((ulong)((GpuStorage)storage).Handle, ArgumentKind.Reads);

    private static KernelArgument Writes(Storage storage) => new((ulong)((GpuStorage)storage).Handle, ArgumentKind.Writes);

    private static KernelArgument ReadsOr(Storage? storage, Storage placeholder) =>
        storage is not null ? Reads(storage) : Reads(placeholder) with { Kind = ArgumentKind.Unused };

    private static KernelArgument WritesOr(Storage? storage, Storage placeholder) =>
        storage is not null ? Writes(storage) : Reads(placeholder) with { Kind = ArgumentKind.Unused };

    private void Launch(string module, string name, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments)
    {
        lock (gate)
        {
            if (!kernels.TryGetValue(name, out var kernel))
                kernels[name] = kernel = runtime.Load(module, name);
            if (!(runtime.HasGraphs && UsesGraphs))
            {
                runtime.Launch(kernel, shape, arguments);
                return;
            }
            bool gathers = name is "gather_rows" or "gather_bytes";
            if (record.Launches.Count >= LongestRecord || (gathers && !lastWasGather && !insideStep))
                Submit();
            record.Add(kernel, shape, arguments);
            lastWasGather = gathers;
        }
    }

    // A grid-stride kernel: enough groups to fill the device several times over, fewer if there is less to do.
    private void LaunchEach(string module, string name, int count, ReadOnlySpan<KernelArgument> arguments)
    {
        if (count > 0)
            Launch(module, name, new LaunchShape(Math.Min(Groups(count, GpuRuntime.GroupThreads), 16 * runtime.Device.ComputeUnits)), arguments);
    }

    // A row-wise kernel: ROW_LANES threads a row.
    private void LaunchRows(string module, string name, int rows, ReadOnlySpan<KernelArgument> arguments)
    {
        int rowsPerGroup = runtime.UsesCpuKernels ? GpuRuntime.GroupThreads : GpuRuntime.GroupThreads / 32;
        if (rows > 0)
            Launch(module, name, new LaunchShape(Math.Min(Groups(rows, rowsPerGroup), 16 * runtime.Device.ComputeUnits)), arguments);
    }

    private static int Groups(int count, int perGroup) => (int)(((long)count + perGroup - 1) / perGroup);

    // Before transfers, which cannot be written down, before memory is freed, and between steps.
    private void Submit()
    {
        try
        {
            graphs.Submit(record);
        }
        finally
        {
            record.Clear();
        }
    }

    private unsafe void WriteBytes(void* source, int count, Storage target, int offset)
    {
        CheckRange(target, offset, count);
        if (count == 0)
            return;
        lock (gate)
        {
            Submit();
            runtime.Write(((GpuStorage)target).Handle, offset * 4L, source, count * 4L);
        }
    }

    private unsafe void ReadBytes(void* target, int count, Storage source, int offset)
    {
        CheckRange(source, offset, count);
        if (count == 0)
            return;
        lock (gate)
        {
            Submit();
            runtime.Read(((GpuStorage)source).Handle, offset * 4L, target, count * 4L);
        }
    }

    // A device does not notice a copy beyond a buffer's end; main memory's spans do.
    private static void CheckRange(Storage storage, int offset, int count)
    {
        if (offset < 0 || count < 0 || (long)offset + count > storage.Length)
            throw new ArgumentOutOfRangeException(nameof(count), $"Cells {offset} to {(long)offset + count} of a storage of {storage.Length}.");
    }
}
