using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>
/// y[r, c] = table[x[rows[r], c]] for bytes x and a table of 256 floats. With AVX-512 VBMI, 64 bytes at a time: the table lies in 16
/// registers as four planes of 256 bytes (the floats' lowest bytes, and so on), each plane is looked up on its own, and the four results
/// are interleaved. Else one by one, of bytes that one load brings by eights (AVX2's gathering loads take up to three times as long).
/// </summary>
internal static unsafe class ByteTable
{
    public static void Look(byte* x, int* rows, int count, int rowLength, float* table, float* y)
    {
        if (Avx512Vbmi.IsSupported && rowLength >= 64)
            Look64(x, rows, count, rowLength, table, y);
        else
            for (int r = 0; r < count; r++)
                Row(x + (nint)rows[r] * rowLength, rowLength, table, y + (nint)r * rowLength);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Row(byte* x, int length, float* table, float* y)
    {
        int i = 0;
        for (; i <= length - 8; i += 8)
        {
            ulong b = *(ulong*)(x + i);
            Vector128.Create(table[(byte)b], table[(byte)(b >> 8)], table[(byte)(b >> 16)], table[(byte)(b >> 24)]).Store(y + i);
            Vector128.Create(table[(byte)(b >> 32)], table[(byte)(b >> 40)], table[(byte)(b >> 48)], table[b >> 56]).Store(y + i + 4);
        }
        for (; i < length; i++)
            y[i] = table[x[i]];
    }

    // The last 64 of a row end at its end and so may be looked up twice.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Look64(byte* x, int* rows, int count, int rowLength, float* table, float* y)
    {
        byte* planes = stackalloc byte[4 * 256];
        for (int i = 0; i < 256; i += 16)
        {
            var bits = Vector512.Load((int*)table + i);
            for (int plane = 0; plane < 4; plane++)
                Avx512F.ConvertToVector128Byte(bits >>> 8 * plane).Store(planes + 256 * plane + i);
        }
        Vector512<byte> a0 = Vector512.Load(planes), a1 = Vector512.Load(planes + 64), a2 = Vector512.Load(planes + 128),
            a3 = Vector512.Load(planes + 192);
        planes += 256;
        Vector512<byte> b0 = Vector512.Load(planes), b1 = Vector512.Load(planes + 64), b2 = Vector512.Load(planes + 128),
            b3 = Vector512.Load(planes + 192);
        planes += 256;
        Vector512<byte> c0 = Vector512.Load(planes), c1 = Vector512.Load(planes + 64), c2 = Vector512.Load(planes + 128),
            c3 = Vector512.Load(planes + 192);
        planes += 256;
        Vector512<byte> d0 = Vector512.Load(planes), d1 = Vector512.Load(planes + 64), d2 = Vector512.Load(planes + 128),
            d3 = Vector512.Load(planes + 192);

        // Interleaving works inside quarters of a register and leaves, of quarter q, the fours q, q + 4, …: so the fours of x are exchanged
        // first.
        var exchanged = Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        for (int r = 0; r < count; r++, y += rowLength)
        {
            byte* row = x + (nint)rows[r] * rowLength;
            for (int i = 0; i < rowLength; i += 64)
            {
                int at = Math.Min(i, rowLength - 64);
                var index = Avx512F.PermuteVar16x32(Vector512.Load((int*)(row + at)), exchanged).AsByte();
                var upper = Vector512.GreaterThan(index, Vector512.Create((byte)127));
                var a = Lookup(index, upper, a0, a1, a2, a3);
                var b = Lookup(index, upper, b0, b1, b2, b3);
                var c = Lookup(index, upper, c0, c1, c2, c3);
                var d = Lookup(index, upper, d0, d1, d2, d3);
                Vector512<ushort> lowAB = Avx512BW.UnpackLow(a, b).AsUInt16(), highAB = Avx512BW.UnpackHigh(a, b).AsUInt16();
                Vector512<ushort> lowCD = Avx512BW.UnpackLow(c, d).AsUInt16(), highCD = Avx512BW.UnpackHigh(c, d).AsUInt16();
                Avx512BW.UnpackLow(lowAB, lowCD).AsSingle().Store(y + at);
                Avx512BW.UnpackHigh(lowAB, lowCD).AsSingle().Store(y + at + 16);
                Avx512BW.UnpackLow(highAB, highCD).AsSingle().Store(y + at + 32);
                Avx512BW.UnpackHigh(highAB, highCD).AsSingle().Store(y + at + 48);
            }
        }
    }

    // One plane: two tables of 128 bytes, and the index's highest bit chooses between them.
    [MethodImpl(AggressiveInlining)]
    private static Vector512<byte> Lookup(Vector512<byte> index, Vector512<byte> upper, Vector512<byte> t0, Vector512<byte> t1,
        Vector512<byte> t2, Vector512<byte> t3) =>
        Vector512.ConditionalSelect(upper, Avx512Vbmi.PermuteVar64x8x2(t2, index, t3), Avx512Vbmi.PermuteVar64x8x2(t0, index, t1));
}
