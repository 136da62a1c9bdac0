namespace NativeNN.Backends;

/// <summary>
/// Length 32-bit cells of one backend's memory, row-major: float32 values, or int32 labels and indices. Opaque above Backends.
/// </summary>
public abstract class Storage
{
    // What fits into one array of .NET beside room for alignment and reading ahead.
    internal const int MaxLength = int.MaxValue - 127;

    /// <summary>The backend this memory belongs to.</summary>
    public abstract Backend Backend { get; }

    /// <summary>Cells in use; a recycled buffer may have room for more.</summary>
    public int Length { get; internal set; }

    /// <summary>Set once a second tensor looks at this memory (Detach, Reshape): it is then left to the garbage collector.</summary>
    internal bool IsShared { get; set; }

    /// <summary>How often its values were overwritten in place: an op that reads them in Backward compares (Op.Saved).</summary>
    internal int Version { get; set; }
}
