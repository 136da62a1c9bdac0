using NativeNN.Backends;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Gpu;

/// <summary>The matrix products in Kernels/gemm*.cl, numbered as a reader climbs them.</summary>
public enum GemmVersion
{
    /// <summary>The fastest for the device and the shape, in float32.</summary>
    Auto = 0,

    /// <summary>One thread, one element.</summary>
    Naive = 1,

    /// <summary>16×16 tiles in local memory.</summary>
    Tiled = 2,

    /// <summary>64×64 tiles, 4×4 a thread in registers, 16-byte loads.</summary>
    Registers = 3,

    /// <summary>128×128 tiles, 8×8 a thread, the next tile loaded while this one is multiplied.</summary>
    WarpTiled = 4,

    /// <summary>Version 4 on tensor cores, each number as two TF32 numbers. NVIDIA, Ampere and later.</summary>
    TensorCores = 5,

    /// <summary>16×16 tiles with k shared out within the group: for products too small to fill the device otherwise.</summary>
    Small = 6,

    /// <summary>For OpenCL devices that are CPUs: wide vectors, no barriers.</summary>
    CpuDevice = 7,
}

public sealed partial class GpuBackend
{
    private const int Accumulate = 1, Bias = 2, ClampAtZero = 4; // the kernels' flags

    /// <summary>Which matrix product Gemm uses. TensorCores is an option: Auto never takes it.</summary>
    public GemmVersion GemmVersion { get; set; }

    /// <summary>Whether this version can run here.</summary>
    public bool Supports(GemmVersion version) => version switch
    {
        GemmVersion.TensorCores => runtime.HasTensorCores,
        GemmVersion.WarpTiled => runtime.LocalMemory >= 4 * 16 * 132 * sizeof(float),
        GemmVersion.CpuDevice => runtime.UsesCpuKernels,
        _ => true,
    };

    /// <inheritdoc/>
    public override void Gemm(bool transposeA, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k,
        bool accumulate = false, Storage? bias = null) => Gemm(transposeA, a, transposeB, b, c, m, n, k, accumulate, bias, relu: false);

    /// <summary>Gemm, then max(·, 0) before C is added or stored.</summary>
    internal void Gemm(bool transposeA, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k, bool accumulate, Storage? bias, bool relu)
    {
        if (m == 0 || n == 0)
            return;
        var version = GemmVersion == GemmVersion.Auto ? Best(m, n) : GemmVersion;
        if (!Supports(version))
            throw new GpuException($"{Name} cannot run the matrix product {version}.");
        string variant = (transposeA, transposeB) switch { (false, false) => "_nn", (false, true) => "_nt", (true, false) => "_tn", _ => "_tt" };
        int flags = (accumulate ? Accumulate : 0) | (bias is not null ? Bias : 0) | (relu ? ClampAtZero : 0);
        if (version == GemmVersion.CpuDevice)
        {
            GemmOnCpuDevice(variant, a, transposeB, b, c, m, n, k, flags, bias);
            return;
        }
        var (module, name, shape) = version switch
        {
            GemmVersion.Naive => ("gemm1", "gemm_naive", new LaunchShape(Groups(n, 16), Groups(m, 16))),
            GemmVersion.Tiled => ("gemm2", "gemm_tiled", new LaunchShape(Groups(n, 16), Groups(m, 16))),
            GemmVersion.Registers => ("gemm3", "gemm_registers", new LaunchShape(Groups(n, 64), Groups(m, 64))),
            GemmVersion.WarpTiled => ("gemm4", "gemm_warptiled", new LaunchShape(Groups(n, 128) * Groups(m, 128))),
            GemmVersion.TensorCores => ("gemm5", "gemm_tensorcores", new LaunchShape(Groups(n, 128) * Groups(m, 128))),
            _ => ("gemm_small", "gemm_small", new LaunchShape(Groups(n, 16), Groups(m, 16))),
        };
        Launch(module, string.Concat(name, variant), shape, [Reads(a), Reads(b), Writes(c), ReadsOr(bias, placeholder: c), m, n, k, flags]);
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

    // B goes into rows of whole vectors first: k·n copies for m·k·n multiply–adds.
    private void GemmOnCpuDevice(string variant, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k, int flags, Storage? bias)
    {
        int width = Groups(n, 16) * 16;
        bool asItIs = !transposeB && width == n;
        var packed = asItIs ? b : Allocate(k * width);
        if (!asItIs)
            LaunchEach("gemm_cpu", "pack_b", k * width, [Reads(b), Writes(packed), n, k, width, transposeB]);
        Launch("gemm_cpu", string.Concat("gemm_cpu", variant), new LaunchShape(width / 16, Groups(m, 8), Threads: 1),
            [Reads(a), Reads(packed), Writes(c), ReadsOr(bias, placeholder: c), m, n, k, flags, width]);
        if (!asItIs)
            Recycle(packed);
    }
}
