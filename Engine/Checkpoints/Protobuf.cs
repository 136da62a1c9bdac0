using System.Buffers.Binary;
using System.Text;

namespace NativeNN.Checkpoints;

/// <summary>
/// A message in Protocol Buffers' wire format: fields one after the other, each a key (field number · 8 + wire type) and a value.
/// Only what ONNX's messages need. https://protobuf.dev/programming-guides/encoding
/// </summary>
internal sealed class Protobuf
{
    // Wire types: how a reader that does not know the field finds its end.
    private const int Varint = 0, LengthDelimited = 2, FourBytes = 5;

    private readonly MemoryStream bytes = new();

    public byte[] ToArray() => bytes.ToArray();

    /// <summary>int32, int64 or an enum: seven bits a byte, lowest first; the eighth says that more follow.</summary>
    public Protobuf Number(int field, long value)
    {
        Key(field, Varint);
        WriteVarint((ulong)value);
        return this;
    }

    public Protobuf Float(int field, float value)
    {
        Key(field, FourBytes);
        Span<byte> four = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        bytes.Write(four);
        return this;
    }

    public Protobuf Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message inside a message is its bytes.</summary>
    public Protobuf Message(int field, Protobuf value) => Bytes(field, value.bytes.GetBuffer().AsSpan(0, (int)value.bytes.Length));

    public Protobuf Bytes(int field, ReadOnlySpan<byte> value)
    {
        Key(field, LengthDelimited);
        WriteVarint((ulong)value.Length);
        bytes.Write(value);
        return this;
    }

    private void Key(int field, int wireType) => WriteVarint((ulong)(field << 3 | wireType));

    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes.WriteByte((byte)(value | 0x80));
        bytes.WriteByte((byte)value);
    }
}
