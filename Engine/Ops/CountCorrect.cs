namespace NativeNN;

public sealed partial class Tensor
{
    /// <summary>How many rows have their largest element at the row's label. this: [n, classes]. Throws ShapeException.</summary>
    public int CountCorrect(Labels labels)
    {
        LabelCheck.Answers("CountCorrect", this, labels);
        var count = Backend.Allocate(1);
        Backend.CountCorrect(Storage, labels.Storage, Rows, Columns, count, index: 0);
        int correct = 0;
        Backend.ReadInts(count, new Span<int>(ref correct));
        Backend.Recycle(count);
        return correct;
    }
}
