namespace NativeNN;

/// <summary>What every op over classes asks of its labels. x: [labels, classes].</summary>
internal static class LabelCheck
{
    /// <summary>Throws ShapeException unless there is one label a row, InvalidOperationException if it lives on another backend.</summary>
    public static void Count(string op, Tensor x, Labels labels)
    {
        if (x.Shape.Rank != 2 || x.Rows != labels.Count)
            throw new ShapeException($"{op}: x is {x.Shape} but there are {labels.Count} labels; x must be [labels, classes]");
        if (x.Backend != labels.Backend)
            throw new InvalidOperationException(
                $"{op}: x is on '{x.Backend}' but the labels are on '{labels.Backend}'; move one with To(backend)");
    }

    /// <summary>As Count, for whoever looks for the largest of each row, and throws ShapeException if rows are empty.</summary>
    public static void Answers(string op, Tensor x, Labels labels)
    {
        Count(op, x, labels);
        SomeColumns(op, x);
    }

    /// <summary>Throws ShapeException if there is nothing in a row: no largest element.</summary>
    public static void SomeColumns(string op, Tensor x)
    {
        if (x.Columns == 0)
            throw new ShapeException($"{op}: x is {x.Shape}; nothing is no row's largest element, it needs columns");
    }

    /// <summary>As Count, and throws ShapeException for a label that is neither a class nor ignoreIndex.</summary>
    public static void Classes(string op, Tensor x, Labels labels, int ignoreIndex)
    {
        Count(op, x, labels);
        if (labels.Range.Lowest >= 0 && labels.Range.Highest < x.Columns)
            return;
        foreach (int label in labels.ToArray())
            if ((uint)label >= (uint)x.Columns && label != ignoreIndex)
                throw new ShapeException($"{op}: label {label} but x is {x.Shape}; "
                    + $"a label must be 0…{x.Columns - 1} or ignoreIndex ({ignoreIndex})");
    }
}
