using System.Globalization;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Gpu;

/// <summary>What --device may say: cpu, reference, opencl[:i], cuda[:i] or auto.</summary>
public readonly record struct DeviceName(DeviceKind Kind, int Index = 0)
{
    /// <summary>The forms <see cref="Parse"/> takes.</summary>
    public const string Forms = "cpu|reference|opencl[:i]|cuda[:i]|auto|ilgpu-cpu";

    /// <summary>Reads a name; throws <see cref="GpuException"/> on any other text.</summary>
    public static DeviceName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new GpuException($"There is no device called \"{text}\"; --device takes {Forms}.");

    /// <summary>Reads a name; false on any other text.</summary>
    public static bool TryParse(string text, out DeviceName name)
    {
        string[] parts = text.Trim().ToLowerInvariant().Split(':');
        int index = 0;
        bool indexed = parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index);
        DeviceKind? kind = parts[0] switch
        {
            "cpu" => DeviceKind.Cpu,
            "reference" => DeviceKind.Reference,
            "opencl" => DeviceKind.OpenCl,
            "cuda" => DeviceKind.Cuda,
            "auto" => DeviceKind.Auto,
            "ilgpu-cpu" => DeviceKind.IlgpuCpu,
            _ => null,
        };
        name = new DeviceName(kind ?? default, index);
        return kind is not null && (parts.Length == 1 || (indexed && kind is DeviceKind.OpenCl or DeviceKind.Cuda));
    }

    /// <summary>"cuda:0", "cpu".</summary>
    public override string ToString() => Kind switch
    {
        DeviceKind.OpenCl => FormattableString.Invariant($"opencl:{Index}"),
        DeviceKind.Cuda => FormattableString.Invariant($"cuda:{Index}"),
        DeviceKind.IlgpuCpu => "ilgpu-cpu",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}

/// <summary>The kinds of device there are.</summary>
public enum DeviceKind
{
    /// <summary>The fast CPU backend.</summary>
    Cpu,

    /// <summary>The reference loops.</summary>
    Reference,

    /// <summary>An OpenCL device.</summary>
    OpenCl,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,

    /// <summary>The best there is: CUDA, else an OpenCL GPU, else the CPU.</summary>
    Auto,

    /// <summary>The GPU kernels' C# on this CPU's threads: slow, for stepping through a kernel in a debugger.</summary>
    IlgpuCpu,
}
