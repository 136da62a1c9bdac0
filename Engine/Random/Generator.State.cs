using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NativeNN.Random;

// Saving and restoring a generator: what a resumed training run needs to continue with the same bits.
public sealed partial class Generator
{
    //  layout, little-endian:  "NNG1" | seed i64 | position i32 | kernel i32 | cached? i32 | cached f64 | 624 words u32
    private const int HeaderSize = 4 + 8 + 4 + 4 + 4 + 8, StateBytes = HeaderSize + 4 * Mt19937.StateSize;
    private static ReadOnlySpan<byte> Magic => "NNG1"u8;

    /// <summary>Everything the stream depends on: the twister, the cached normal, the seed and the dropout kernel.</summary>
    public byte[] GetState()
    {
        byte[] bytes = new byte[StateBytes];
        Span<uint> words = stackalloc uint[Mt19937.StateSize];
        twister.Save(words, out int position);
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4), InitialSeed);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), position);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), (int)DropoutKernel);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), cachedNormal.HasValue ? 1 : 0);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(24), cachedNormal ?? 0);
        for (int k = 0; k < words.Length; k++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(HeaderSize + (4 * k)), words[k]);
        return bytes;
    }

    /// <summary>Continues the stream that <see cref="GetState"/> recorded.</summary>
    /// <exception cref="ArgumentException">The bytes are not such a state; the generator is left as it was.</exception>
    public void SetState(ReadOnlySpan<byte> state)
    {
        if (state.Length != StateBytes || !state.StartsWith(Magic))
            throw new ArgumentException($"SetState: got {state.Length} bytes; needs the {StateBytes} that GetState gives");
        int position = BinaryPrimitives.ReadInt32LittleEndian(state[12..]);
        int kernel = BinaryPrimitives.ReadInt32LittleEndian(state[16..]);
        int cached = BinaryPrimitives.ReadInt32LittleEndian(state[20..]);
        if (position is < 0 or > Mt19937.StateSize || !Enum.IsDefined((DropoutKernel)kernel) || cached is not (0 or 1))
            throw new ArgumentException($"SetState: position is {position}, kernel {kernel}, cached {cached}; "
                + "needs the bytes that GetState gives, undamaged");

        Span<uint> words = stackalloc uint[Mt19937.StateSize];
        MemoryMarshal.Cast<byte, uint>(state[HeaderSize..]).CopyTo(words);
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(words, words);
        InitialSeed = BinaryPrimitives.ReadInt64LittleEndian(state[4..]);
        DropoutKernel = (DropoutKernel)kernel;
        cachedNormal = cached == 1 ? BinaryPrimitives.ReadDoubleLittleEndian(state[24..]) : null;
        twister.Restore(words, position);
    }
}
