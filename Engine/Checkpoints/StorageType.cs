namespace NativeNN.Checkpoints;

/// <summary>PyTorch's storages, named as their classes: torch.FloatStorage and so on.</summary>
internal enum StorageType
{
    Float,
    Double,
    Half,
    BFloat16,
    Long,
    Int,
    Short,
    Char,
    Byte,
    Bool,
}

internal static class StorageTypes
{
    /// <summary>Bytes of one value.</summary>
    public static int Size(this StorageType type) => type switch
    {
        StorageType.Double or StorageType.Long => 8,
        StorageType.Float or StorageType.Int => 4,
        StorageType.Half or StorageType.BFloat16 or StorageType.Short => 2,
        _ => 1,
    };
}
