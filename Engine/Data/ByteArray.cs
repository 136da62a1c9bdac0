namespace NativeNN.Data;

/// <summary>An array of bytes as a file holds it: its dimensions and its values in row-major order.</summary>
public sealed record ByteArray(int[] Dimensions, byte[] Values)
{
    /// <summary>
    /// The number of values of such dimensions. Multiplied step by step: no product overflows, and nothing is allocated on a header's word
    /// alone. Throws BadInputException if it is over the limit.
    /// </summary>
    internal static int Count(ReadOnlySpan<long> sizes, long limit, string path)
    {
        long count = 1;
        foreach (long size in sizes)
        {
            count = size is >= 0 and <= int.MaxValue ? count * size : long.MaxValue;
            if (count > Math.Min(limit, Array.MaxLength))
                throw new BadInputException($"{path}: the header promises more values than the file can hold "
                    + $"([{string.Join(", ", sizes.ToArray())}]); get the file again.");
        }
        return (int)count;
    }
}
