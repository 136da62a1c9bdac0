namespace NativeNN.Backends;

/// <summary>
/// Length 32-bit cells of one backend's memory, row-major: float32 values, or int32 labels and indices. Opaque above Backends.
/// </summary>
public abstract class Storage
{
    /// <summary>The backend this memory belongs to.</summary>
    public abstract Backend Backend { get; }

    /// <summary>Cells in use; a recycled buffer may have room for more.</summary>
    public int Length { get; internal set; }

    /// <summary>Set once a second tensor looks at this memory (Detach, Reshape): it is then left to the garbage collector.</summary>
    internal bool IsShared { get; set; }
}
