using ILGPU;

namespace NativeNN.Gpu.Runtime;

/// <summary>
/// One argument of a launch. CUDA takes it as it lies here: a buffer as its pointer (First) and its length (Second), as ILGPU's kernels
/// want a view; a value as First alone. ILGPU's launchers take it by the property that fits the parameter's type.
/// </summary>
internal readonly record struct KernelArgument(ulong First, long Second, ArgumentKind Kind, ArrayView<float> Floats = default)
{
    /// <summary>More than any kernel has: Adam's 16.</summary>
    public const int Most = 32;

    public bool IsBuffer => Kind is ArgumentKind.Reads or ArgumentKind.Writes or ArgumentKind.Unused;

    public ArrayView<int> Ints => Floats.Cast<int>();

    public ArrayView<byte> Bytes => Floats.Cast<byte>();

    public int Int => (int)First;

    public uint UInt => (uint)First;

    public ulong ULong => First;

    public float Float => BitConverter.UInt32BitsToSingle((uint)First);

    public static KernelArgument Of(GpuStorage storage, ArgumentKind kind) =>
        new((ulong)storage.Handle, storage.Capacity, kind, storage.View);

    public static implicit operator KernelArgument(int value) => new((uint)value, 0, ArgumentKind.Int);

    public static implicit operator KernelArgument(uint value) => new(value, 0, ArgumentKind.UInt);

    public static implicit operator KernelArgument(ulong value) => new(value, 0, ArgumentKind.ULong);

    public static implicit operator KernelArgument(float value) => new(BitConverter.SingleToUInt32Bits(value), 0, ArgumentKind.Float);

    public static implicit operator KernelArgument(bool value) => new(value ? 1u : 0u, 0, ArgumentKind.Int);

    /// <summary>
    /// As CUDA's driver takes arguments: pointers to the values, each as long as the kernel says. words: 2 for each argument.
    /// </summary>
    public static unsafe void Lay(ReadOnlySpan<KernelArgument> arguments, ulong* words, void** pointers)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            words[2 * i] = arguments[i].First;
            words[2 * i + 1] = (ulong)arguments[i].Second;
            pointers[i] = words + 2 * i;
        }
    }

    /// <summary>The property that gives a parameter of that type; null if this argument is of another kind.</summary>
    public string? PropertyFor(Type parameter) => (Kind, parameter) switch
    {
        (ArgumentKind.Int, _) when parameter == typeof(int) => nameof(Int),
        (ArgumentKind.UInt, _) when parameter == typeof(uint) => nameof(UInt),
        (ArgumentKind.ULong, _) when parameter == typeof(ulong) => nameof(ULong),
        (ArgumentKind.Float, _) when parameter == typeof(float) => nameof(Float),
        _ when !IsBuffer => null,
        _ when parameter == typeof(ArrayView<float>) => nameof(Floats),
        _ when parameter == typeof(ArrayView<int>) => nameof(Ints),
        _ when parameter == typeof(ArrayView<byte>) => nameof(Bytes),
        _ => null,
    };
}

/// <summary>What an argument is, and how the kernel uses it.</summary>
internal enum ArgumentKind
{
    /// <summary>An int; a bool goes as 0 or 1.</summary>
    Int,

    /// <summary>A uint.</summary>
    UInt,

    /// <summary>A ulong.</summary>
    ULong,

    /// <summary>A float.</summary>
    Float,

    /// <summary>A buffer the kernel only reads.</summary>
    Reads,

    /// <summary>A buffer the kernel writes, and perhaps reads.</summary>
    Writes,

    /// <summary>Any buffer in the place of one that is not there: a flag tells the kernel not to touch it.</summary>
    Unused,
}
