using ILGPU;
using NativeNN.Backends;
using NativeNN.Gpu.Kernels;
using NativeNN.Gpu.Runtime;
using NativeNN.Random;

namespace NativeNN.Gpu;

/// <summary>
/// The kernels of Kernels/ on an OpenCL or CUDA device, by ILGPU. Buffers stay there; calls queue work and return; Read waits. Results
/// differ from the CPU's in the last bits only (other orders of summation). Calls from several threads are taken one at a time. Errors are
/// <see cref="GpuException"/>s; one of a launch may come with a later call. Where the driver has graphs (CUDA), launches are written down
/// and a training step goes out as one: by itself, as a step begins where a batch is gathered, or around <see cref="RunStep"/>.
/// </summary>
public sealed partial class GpuBackend : Backend, IDisposable
{
    private readonly GpuRuntime runtime;
    private readonly BufferPool pool;
    private readonly GraphCache graphs;
    // By reference: the compiler makes one delegate for each kernel named in this class.
    private readonly Dictionary<object, GpuKernel> kernels = new(ReferenceEqualityComparer.Instance);
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

    /// <summary>The device's own calls: for measuring one kernel against another.</summary>
    internal GpuRuntime Runtime => runtime;

    /// <summary>Bytes of the device's memory that are held, in use or waiting for reuse.</summary>
    internal long BytesAllocated => pool.BytesInUse;

    /// <summary>Whether steps can go out as graphs here.</summary>
    internal bool HasGraphs => runtime.BuildGraph is not null;

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
    public override void Write(ReadOnlySpan<float> values, Storage target, int offset = 0) =>
        Write(target, Of(target).View, values, offset);

    /// <inheritdoc/>
    public override void Read(Storage source, Span<float> values, int offset = 0) => Read(source, Of(source).View, values, offset);

    /// <inheritdoc/>
    public override void WriteInts(ReadOnlySpan<int> values, Storage target, int offset = 0) =>
        Write(target, Of(target).View.Cast<int>(), values, offset);

    /// <inheritdoc/>
    public override void ReadInts(Storage source, Span<int> values, int offset = 0) =>
        Read(source, Of(source).View.Cast<int>(), values, offset);

    /// <inheritdoc/>
    public override void Copy(Storage source, int sourceOffset, Storage target, int targetOffset, int count)
    {
        CheckRange(nameof(Copy), source, sourceOffset, count);
        CheckRange(nameof(Copy), target, targetOffset, count);
        LaunchEach(Movement.Copy, count, [Reads(source), sourceOffset, Writes(target), targetOffset, count]);
    }

    /// <inheritdoc/>
    public override void Fill(Storage y, float value, int count)
    {
        CheckRange(nameof(Fill), y, offset: 0, count);
        LaunchEach(Movement.Fill, count, [Writes(y), value, count]);
    }

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
    /// Runs one training step, or any work, whose launches go out together when it ends. On CUDA they become a graph the second time the
    /// same launches come by: independent kernels then overlap and one call starts them all. Reading or writing inside the step is allowed
    /// and splits it there.
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
    /// The most GFLOP/s in float32: what the driver says, else measured (the fastest of several runs of Kernels/Peak.cs, about 0.1 s).
    /// </summary>
    internal double PeakGflops() => Device.PeakGflops ?? MeasurePeak();

    private double MeasurePeak()
    {
        const int runs = 20;
        bool cpu = runtime.UsesCpuKernels;
        int rounds = cpu ? 16 * 1024 : 1024; // so few groups of a CPU need more, or starting them would be most of the time
        int groups = 8 * Device.ComputeUnits, threads = cpu ? 1 : ThreadGrid.PerGroup;
        Storage y = Allocate(groups * GemmCpu.Columns * threads), step = Allocate(GemmCpu.Columns);
        Fill(step, 1e-3f, GemmCpu.Columns);
        double best = double.MaxValue;
        for (int run = 0; run < runs; run++)
            best = Math.Min(best, Time(() =>
            {
                if (cpu)
                    Launch(Peak.MultiplyAddsOfCpu, new LaunchShape(groups, 1, threads), [Writes(y), Reads(step), rounds, 0.999f]);
                else
                    Launch(Peak.MultiplyAdds, new LaunchShape(groups, 1, threads), [Writes(y), rounds, 0.999f, 1e-3f]);
            }));
        Recycle(y);
        Recycle(step);
        return 2.0 * (cpu ? Peak.CpuChains : Peak.Chains) * rounds * groups * threads / best * 1e-6;
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

    private static GpuStorage Of(Storage storage) => storage as GpuStorage
        ?? throw new ArgumentException($"got a storage of '{storage.Backend}' where one on a device is needed", nameof(storage));

    private static KernelArgument Reads(Storage storage) => KernelArgument.Of(Of(storage), ArgumentKind.Reads);

    private static KernelArgument Writes(Storage storage) => KernelArgument.Of(Of(storage), ArgumentKind.Writes);

    private static KernelArgument ReadsOr(Storage? storage, Storage placeholder) =>
        storage is not null ? Reads(storage) : KernelArgument.Of(Of(placeholder), ArgumentKind.Unused);

    private static KernelArgument WritesOr(Storage? storage, Storage placeholder) =>
        storage is not null ? Writes(storage) : KernelArgument.Of(Of(placeholder), ArgumentKind.Unused);

    private void Launch(Delegate method, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments)
    {
        lock (gate)
        {
            if (!kernels.TryGetValue(method, out var kernel))
                kernels[method] = kernel = runtime.Load(method, arguments);
            Launch(kernel, shape, arguments);
        }
    }

    private void Launch(GpuKernel kernel, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments)
    {
        if (runtime.BuildGraph is null || !UsesGraphs)
        {
            runtime.Launch(kernel, shape, arguments);
            return;
        }
        bool gathers = kernel.Gathers;
        if (record.Launches.Count >= LongestRecord || (gathers && !lastWasGather && !insideStep))
            Submit();
        record.Add(kernel, shape, arguments);
        lastWasGather = gathers;
    }

    // A grid-stride kernel: enough groups to fill the device several times over, fewer if there is less to do.
    private void LaunchEach(Delegate method, int count, ReadOnlySpan<KernelArgument> arguments)
    {
        if (count > 0)
            Launch(method, new LaunchShape(Math.Min(Groups(count, ThreadGrid.PerGroup), 16 * runtime.Device.ComputeUnits)), arguments);
    }

    // A row-wise kernel: one thread a row on a CPU, 32 on a GPU.
    private void LaunchRows(Delegate onCpu, Delegate onGpu, int rows, ReadOnlySpan<KernelArgument> arguments)
    {
        int rowsPerGroup = runtime.UsesCpuKernels ? ThreadGrid.PerGroup : ThreadGrid.PerGroup / ThirtyTwoThreads.Lanes;
        if (rows > 0)
            Launch(runtime.UsesCpuKernels ? onCpu : onGpu,
                new LaunchShape(Math.Min(Groups(rows, rowsPerGroup), 16 * runtime.Device.ComputeUnits)), arguments);
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

    private void Write<T>(Storage storage, ArrayView<T> target, ReadOnlySpan<T> values, int offset)
        where T : unmanaged
    {
        CheckRange(nameof(Write), storage, offset, values.Length);
        if (values.Length == 0)
            return;
        lock (gate)
        {
            Submit();
            runtime.Write(target.SubView(offset, values.Length), values);
        }
    }

    private void Read<T>(Storage storage, ArrayView<T> source, Span<T> values, int offset)
        where T : unmanaged
    {
        CheckRange(nameof(Read), storage, offset, values.Length);
        if (values.Length == 0)
            return;
        lock (gate)
        {
            Submit();
            runtime.Read(source.SubView(offset, values.Length), values);
        }
    }
}
