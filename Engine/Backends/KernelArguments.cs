namespace NativeNN.Backends;

/// <summary>Which dimension a reduction runs along, as PyTorch's dim: 0 sums the rows up, 1 sums each row.</summary>
public enum Axis
{
    /// <summary>Over the rows: [rows, columns] → [columns].</summary>
    Rows = 0,

    /// <summary>Over the columns: [rows, columns] → [rows].</summary>
    Columns = 1,

    /// <summary>Over everything: → one value.</summary>
    All = 2,
}

/// <summary>How a loss over a batch becomes one number.</summary>
public enum Reduction
{
    /// <summary>One loss per row.</summary>
    None,

    /// <summary>Σ / counting rows.</summary>
    Mean,

    /// <summary>Σ.</summary>
    Sum,
}

/// <summary>Steps between neighbouring rows and columns of an operand; 0 repeats the same value (broadcasting).</summary>
public readonly record struct Strides(int Row, int Column)
{
    /// <summary>A dense matrix with that many columns.</summary>
    public static Strides Dense(int columns) => new(columns, 1);
}
