using NativeNN.Backends;

namespace NativeNN;

/// <summary>
/// The shape of a tensor of rank 0 (a number), 1 (a vector, one row of Columns) or 2 (Rows × Columns). default is a number's.
/// </summary>
public readonly record struct Shape
{
    // Sizes less 1, so that memory full of zeros is a shape, too: that of a number.
    private readonly int rowsLess1, columnsLess1;

    /// <summary>
    /// [rows, columns]. Throws ShapeException if either is negative, or for more elements than memory can hold in one piece.
    /// </summary>
    public Shape(int rows, int columns)
        : this(rank: 2, rows, columns) { }

    /// <summary>[length].</summary>
    public Shape(int length)
        : this(rank: 1, rows: 1, length) { }

    private Shape(int rank, int rows, int columns)
    {
        if (rows < 0 || columns < 0 || (long)rows * columns > Storage.MaxLength)
            throw NotPossible(rank, rows, columns);
        Rank = rank;
        rowsLess1 = rows - 1;
        columnsLess1 = columns - 1;
    }

    private static ShapeException NotPossible(int rank, int rows, int columns) =>
        new($"Shape: got [{(rank == 1 ? "" : $"{rows}, ")}{columns}], needs sizes of at least 0 and at most {Storage.MaxLength} elements "
            + "in all");

    /// <summary>[]: a single number.</summary>
    public static Shape Scalar => default;

    /// <summary>Dimensions: 0, 1 or 2.</summary>
    public int Rank { get; }

    /// <summary>Rows; 1 for a vector or a number.</summary>
    public int Rows => rowsLess1 + 1;

    /// <summary>Columns; the length of a vector; 1 for a number.</summary>
    public int Columns => columnsLess1 + 1;

    /// <summary>Elements in all.</summary>
    public int Length => Rows * Columns;

    /// <summary>The sizes as an array of Rank numbers.</summary>
    public int[] ToArray() => Rank switch { 0 => [], 1 => [Columns], _ => [Rows, Columns] };

    /// <summary>The shape with those 0, 1 or 2 sizes.</summary>
    public static Shape Of(ReadOnlySpan<int> sizes) => sizes.Length switch
    {
        0 => Scalar,
        1 => new Shape(sizes[0]),
        2 => new Shape(sizes[0], sizes[1]),
        _ => throw new ShapeException(
            $"Shape: got {sizes.Length} dimensions, but tensors here have at most 2; flatten images to rows first"),
    };

    /// <summary>A tuple is a matrix shape.</summary>
    public static implicit operator Shape((int Rows, int Columns) sizes) => new(sizes.Rows, sizes.Columns);

    /// <summary>An int is a vector shape.</summary>
    public static implicit operator Shape(int length) => new(length);

    /// <summary>"[32, 784]", "[64]" or "[]".</summary>
    public override string ToString() => $"[{string.Join(", ", ToArray())}]";
}
