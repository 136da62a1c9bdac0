namespace NativeNN.Gpu.Runtime;

/// <summary>
/// Anything that goes wrong with a device: no driver, no such device, out of memory, a kernel that does not build (with the compiler's
/// log), a failed call. The message's first line says it all.
/// </summary>
public sealed class GpuException : Exception
{
    /// <summary>An error with its one-line message, possibly followed by a log.</summary>
    public GpuException(string message) : base(message) { }

    /// <summary>An error caused by another.</summary>
    public GpuException(string message, Exception cause) : base(message, cause) { }
}
