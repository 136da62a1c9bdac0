using NativeNN.Backends;
using NativeNN.Gpu.Kernels;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Gpu;

/// <summary>The matrix products in Kernels/Gemm*.cs, numbered as a reader climbs them.</summary>
public enum GemmVersion
{
    /// <summary>The fastest for the device and the shape, in float32.</summary>
    Auto = 0,

    /// <summary>One thread, one element.</summary>
    Naive = 1,

    /// <summary>16×16 tiles in shared memory.</summary>
    Tiled = 2,

    /// <summary>64×64 tiles, 4×4 a thread in registers, 16-byte loads.</summary>
    Registers = 3,

    /// <summary>128×128 tiles, 8×8 a thread, the next tile loaded while this one is multiplied.</summary>
    WarpTiled = 4,

    /// <summary>Version 4 on tensor cores, each number as two TF32 numbers. NVIDIA, Ampere and later.</summary>
    TensorCores = 5,

    /// <summary>16×16 tiles with k shared out within the group: for products too small to fill the device otherwise.</summary>
    Small = 6,

    /// <summary>For OpenCL devices that are CPUs: no barriers, no shared memory.</summary>
    CpuDevice = 7,
}

public sealed partial class GpuBackend
{
    /// <summary>Which matrix product Gemm uses. TensorCores is an option: Auto never takes it.</summary>
    public GemmVersion GemmVersion { get; set; }

    /// <summary>Whether this version can run here.</summary>
    public bool Supports(GemmVersion version) => version switch
    {
        GemmVersion.TensorCores => runtime.HasTensorCores,
        GemmVersion.WarpTiled => runtime.SharedMemory >= Gemm4WarpTiled.SharedBytes,
        GemmVersion.CpuDevice => runtime.UsesCpuKernels,
        _ => true,
    };

    /// <inheritdoc/>
    internal override void Gemm(bool transposeA, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k,
        bool accumulate = false, Storage? bias = null) => Gemm(transposeA, a, transposeB, b, c, m, n, k, accumulate, bias, relu: false);

    /// <summary>Gemm, then max(·, 0) before C is added or stored.</summary>
    internal void Gemm(bool transposeA, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k, bool accumulate,
        Storage? bias, bool relu)
    {
        if (m == 0 || n == 0)
            return;
        var version = GemmVersion == GemmVersion.Auto ? Best(m, n) : GemmVersion;
        if (!Supports(version))
            throw new GpuException($"{Name} cannot run the matrix product {version}.");
        int flags = (accumulate ? Kernels.Gemm.Accumulate : 0) | (bias is not null ? Kernels.Gemm.Bias : 0)
            | (relu ? Kernels.Gemm.ClampAtZero : 0);
        if (version == GemmVersion.CpuDevice)
        {
            GemmOnCpuDevice(transposeA, a, transposeB, b, c, m, n, k, flags, bias);
            return;
        }
        var shape = version switch
        {
            GemmVersion.Naive => new LaunchShape(Groups(n, Gemm1Naive.Tile), Groups(m, Gemm1Naive.Tile)),
            GemmVersion.Tiled => new LaunchShape(Groups(n, Gemm2Tiled.Tile), Groups(m, Gemm2Tiled.Tile)),
            GemmVersion.Registers => new LaunchShape(Groups(n, Gemm3Registers.Tile), Groups(m, Gemm3Registers.Tile)),
            GemmVersion.Small => new LaunchShape(Groups(n, GemmSmall.Tile), Groups(m, GemmSmall.Tile)),
            _ => new LaunchShape(Groups(n, Gemm4WarpTiled.Tile) * Groups(m, Gemm4WarpTiled.Tile)), // versions 4 and 5
        };
        ReadOnlySpan<KernelArgument> arguments = [Reads(a), Reads(b), Writes(c), ReadsOr(bias, placeholder: c), m, n, k, flags];
        if (version == GemmVersion.TensorCores)
            LaunchTensorCores(transposeA, transposeB, shape, arguments);
        else
            Launch(KernelOf(version, transposeA, transposeB), shape, arguments);
    }

    private static GemmKernel KernelOf(GemmVersion version, bool transposeA, bool transposeB) => (transposeA, transposeB) switch
    {
        (false, false) => KernelOf<Plain>(version),
        (false, true) => KernelOf<BTransposed>(version),
        (true, false) => KernelOf<ATransposed>(version),
        (true, true) => KernelOf<BothTransposed>(version),
    };

    private static GemmKernel KernelOf<TLayout>(GemmVersion version)
        where TLayout : struct, ILayout => version switch
        {
            GemmVersion.Naive => Gemm1Naive.Run<TLayout>,
            GemmVersion.Tiled => Gemm2Tiled.Run<TLayout>,
            GemmVersion.Registers => Gemm3Registers.Run<TLayout>,
            GemmVersion.WarpTiled => Gemm4WarpTiled.Run<TLayout>,
            _ => GemmSmall.Run<TLayout>,
        };

    private void LaunchTensorCores(bool transposeA, bool transposeB, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments)
    {
        lock (gate)
        {
            if (!kernels.TryGetValue((transposeA, transposeB), out var kernel))
                kernels[(transposeA, transposeB)] = kernel = runtime.LoadGemm5(transposeA, transposeB);
            Launch(kernel, shape, arguments);
        }
    }

    // The largest tiles that still give half the compute units something to do.
    private GemmVersion Best(int m, int n)
    {
        if (runtime.UsesCpuKernels)
            return GemmVersion.CpuDevice;
        int enough = Math.Max(1, runtime.Device.ComputeUnits / 2);
        if ((long)Groups(m, 128) * Groups(n, 128) >= enough && Supports(GemmVersion.WarpTiled))
            return GemmVersion.WarpTiled;
        return (long)Groups(m, 64) * Groups(n, 64) >= enough ? GemmVersion.Registers : GemmVersion.Small;
    }

    // B goes into rows of whole fours of columns first, unless it lies so: k·n copies for m·k·n multiply–adds.
    private void GemmOnCpuDevice(bool transposeA, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k, int flags,
        Storage? bias)
    {
        int width = Groups(n, GemmCpu.Columns) * GemmCpu.Columns;
        bool asItIs = !transposeB && width == n;
        var packed = asItIs ? b : Allocate(k * width);
        if (!asItIs)
            LaunchEach(GemmCpu.Pack, k * width, [Reads(b), Writes(packed), n, k, width, transposeB]);
        GemmKernel kernel = transposeA ? GemmCpu.Run<ATransposed> : GemmCpu.Run<Plain>;
        Launch(kernel, new LaunchShape(width / GemmCpu.Columns, Groups(m, GemmCpu.Rows), Threads: 1),
            [Reads(a), Reads(packed), Writes(c), ReadsOr(bias, placeholder: c), m, n, k, flags]);
        if (!asItIs)
            Recycle(packed);
    }
}
