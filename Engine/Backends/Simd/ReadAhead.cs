using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace NativeNN.Backends.Simd;

/// <summary>
/// Rows of the data set that the next batch will gather, fetched into the cache a few lines at a time while the matrix products of this batch
/// keep the arithmetic units busy: a shuffled batch comes from memory, and waiting for it would cost a fifth of a training step. Only a hint:
/// whoever guesses wrong has fetched for nothing. One per thread.
/// </summary>
internal unsafe struct ReadAhead
{
    private const int MaxRows = 256, LineBytes = 64;

    [ThreadStatic]
    private static ReadAhead* current;

    private fixed long rows[MaxRows];
    private int count, row;
    private uint rowBytes, at;

    /// <summary>This thread's.</summary>
    public static ReadAhead* Current => current == null ? current = (ReadAhead*)NativeMemory.AllocZeroed((nuint)sizeof(ReadAhead)) : current;

    public readonly bool IsDone => row == count;

    /// <summary>Plans the rows from[order[0..count]], each of rowBytes. Their addresses are copied: a hint holds no buffer.</summary>
    public void Plan(void* from, int* order, int count, int rowBytes)
    {
        this.count = Sse.IsSupported && count <= MaxRows ? count : 0;
        (row, at, this.rowBytes) = (0, 0, (uint)rowBytes);
        for (int r = 0; r < this.count; r++)
            rows[r] = (long)((byte*)from + (nint)order[r] * rowBytes);
    }

    /// <summary>Asks for the next so many lines of 64 bytes.</summary>
    public void Fetch(int lines)
    {
        for (; lines > 0 && row < count; lines--)
        {
            Sse.Prefetch1((byte*)rows[row] + at);
            at += LineBytes;
            if (at >= rowBytes)
                (row, at) = (row + 1, 0);
        }
    }
}
