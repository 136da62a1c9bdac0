namespace NativeNN.Gpu.Runtime;

/// <summary>One argument of a launch: 8 bytes of buffer handle or 64-bit word, or 4 bytes of int or float; and, for a buffer, what the kernel does with it.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential)]
internal readonly record struct KernelArgument(ulong Bits, ArgumentKind Kind)
{
    public int Size => Kind == ArgumentKind.Value ? 4 : 8;

    public bool IsBuffer => Kind is ArgumentKind.Reads or ArgumentKind.Writes or ArgumentKind.Unused;

    public static implicit operator KernelArgument(int value) => new((uint)value, ArgumentKind.Value);

    public static implicit operator KernelArgument(uint value) => new(value, ArgumentKind.Value);

    public static implicit operator KernelArgument(float value) => new(BitConverter.SingleToUInt32Bits(value), ArgumentKind.Value);

    public static implicit operator KernelArgument(bool value) => new(value ? 1u : 0u, ArgumentKind.Value);

    public static implicit operator KernelArgument(ulong value) => new(value, ArgumentKind.LongValue);
}

/// <summary>How a kernel uses an argument.</summary>
internal enum ArgumentKind
{
    /// <summary>A 32-bit value.</summary>
    Value,

    /// <summary>A 64-bit value.</summary>
    LongValue,

    /// <summary>A buffer the kernel only reads.</summary>
    Reads,

    /// <summary>A buffer the kernel writes, and perhaps reads.</summary>
    Writes,

    /// <summary>Any buffer in the place of one that is not there: a flag tells the kernel not to touch it.</summary>
    Unused,
}
