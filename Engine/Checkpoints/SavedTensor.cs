using NativeNN.Data;

namespace NativeNN.Checkpoints;

/// <summary>One array of a safetensors or PyTorch file: its shape and its values, which are float[], long[] or byte[].</summary>
public sealed class SavedTensor
{
    private SavedTensor(int[] shape, Array values)
    {
        if (Safetensors.Count(shape) != values.LongLength)
            throw new ArgumentException(
                $"SavedTensor: got {values.LongLength} values, which do not have the shape [{string.Join(", ", shape)}]");
        (Shape, Values) = (shape, values);
    }

    /// <summary>An array of float32 values (F32), such as a parameter.</summary>
    public SavedTensor(int[] shape, float[] values)
        : this(shape, (Array)values)
    {
    }

    /// <summary>An array of 64-bit integers (I64), such as a step counter.</summary>
    public SavedTensor(int[] shape, long[] values)
        : this(shape, (Array)values)
    {
    }

    /// <summary>An array of bytes (U8), such as a generator's state.</summary>
    public SavedTensor(int[] shape, byte[] values)
        : this(shape, (Array)values)
    {
    }

    /// <summary>Sizes of the dimensions; empty for a single number.</summary>
    public int[] Shape { get; }

    /// <summary>The values in row-major order.</summary>
    public Array Values { get; }

    /// <summary>The type's name in the file: F32, I64 or U8.</summary>
    public string Dtype => Values switch { float[] => "F32", long[] => "I64", _ => "U8" };

    /// <summary>The values of an F32 array. Throws BadInputException if the array has another type.</summary>
    public float[] Floats => Values as float[] ?? throw Wrong("F32");

    /// <summary>The values of an I64 array. Throws BadInputException if the array has another type.</summary>
    public long[] Longs => Values as long[] ?? throw Wrong("I64");

    /// <summary>The values of a U8 array. Throws BadInputException if the array has another type.</summary>
    public byte[] Bytes => Values as byte[] ?? throw Wrong("U8");

    /// <summary>The values of an F32 array of that shape. Throws BadInputException, naming the file and the array, for another.</summary>
    internal float[] FloatsOf(ReadOnlySpan<int> shape, string path, string name)
    {
        if (Values is not float[] values)
            throw new BadInputException($"{path}: '{name}' has dtype {Dtype}, F32 is needed.");
        return shape.SequenceEqual(Shape) ? values : throw new BadInputException(
            $"{path}: '{name}' has shape [{string.Join(", ", Shape)}], [{string.Join(", ", shape.ToArray())}] is needed; "
            + "the file belongs to another network.");
    }

    private BadInputException Wrong(string wanted) =>
        new($"Checkpoint: a tensor has dtype {Dtype}, {wanted} is needed; the file was not written for this use.");
}
