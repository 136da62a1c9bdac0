using System.Globalization;
using System.Text;

namespace NativeNN;

public sealed partial class Tensor
{
    private const int SummarizeAbove = 1000;
    private const int EdgeItems = 3;

    /// <summary>The values as PyTorch prints them: four decimals, the middle of large tensors left out.</summary>
    public override string ToString()
    {
        if (storage == null)
            return $"tensor(released, shape={Shape})";
        var values = ToArray();
        string suffix = Op != null ? $", op={Op.Name})" : RequiresGrad ? ", requires_grad=True)" : ")";
        if (Shape.Rank == 0)
            return $"tensor({Format(values)(values[0])}{suffix}";
        if (values.Length == 0)
            return $"tensor([], shape={Shape}{suffix}";

        bool summarize = Length > SummarizeAbove;
        var rows = Shown(Rows, summarize && Shape.Rank == 2);
        var columns = Shown(Columns, summarize);
        var shown = rows.Where(r => r >= 0).SelectMany(r => columns.Where(c => c >= 0).Select(c => values[r * Columns + c])).ToArray();
        var format = Format(shown);
        int width = shown.Max(v => format(v).Length);

        var text = new StringBuilder("tensor(");
        if (Shape.Rank == 2)
            text.Append('[');
        foreach (int r in rows)
        {
            if (r != 0)
                text.Append(",\n        ");
            if (r < 0)
                text.Append("...");
            else
                text.Append('[').AppendJoin(", ", columns.Select(c => c < 0 ? "..." : format(values[r * Columns + c]).PadLeft(width))).Append(']');
        }
        if (Shape.Rank == 2)
            text.Append(']');
        return text.Append(suffix).ToString();
    }

    // The indices to print; −1 stands for the gap.
    private static int[] Shown(int count, bool summarize) => summarize && count > 2 * EdgeItems
        ? [.. Enumerable.Range(0, EdgeItems), -1, .. Enumerable.Range(count - EdgeItems, EdgeItems)]
        : [.. Enumerable.Range(0, count)];

    // PyTorch's choice: whole numbers as "1.", a wide range of magnitudes in scientific form, else four decimals.
    private static Func<float, string> Format(float[] shown)
    {
        var finite = shown.Where(v => float.IsFinite(v) && v != 0).Select(MathF.Abs).DefaultIfEmpty(1).ToArray();
        float min = finite.Min(), max = finite.Max();
        string pattern = shown.All(v => !float.IsFinite(v) || v == MathF.Truncate(v)) ? max > 1e8 ? "0.0000e+00" : "0\\."
            : max / min > 1000 || max > 1e8 || min < 1e-4 ? "0.0000e+00" : "0.0000";
        return v => float.IsNaN(v) ? "nan" : float.IsInfinity(v) ? v > 0 ? "inf" : "-inf" : v.ToString(pattern, CultureInfo.InvariantCulture);
    }
}
