using System.Globalization;
using System.Text;

namespace NativeNN;

public sealed partial class Tensor
{
    private const int SummarizeAbove = 1000; // elements
    private const int EdgeItems = 3;
    private const int LineWidth = 80;
    private const string Prefix = "tensor(";

    /// <summary>
    /// The values as PyTorch's print(tensor) shows them: four decimals, lines of 80 columns, the middle of more than 1000 elements left
    /// out. A computed tensor names its op where PyTorch has grad_fn.
    /// </summary>
    public override string ToString()
    {
        if (storage is null)
            return $"tensor(released, shape={Shape})";
        var text = new StringBuilder(Prefix);
        if (Length == 0)
            text.Append("[]");
        else
            AppendValues(text, ToArray());

        // What does not fit into the last line goes to the next. PyTorch counts that line two columns longer than it is.
        int column = text.Length - (text.ToString().LastIndexOf('\n') + 1) + 2;
        foreach (string suffix in Suffixes())
        {
            bool fits = column + suffix.Length + 2 <= LineWidth;
            text.Append(fits ? ", " : ",\n" + new string(' ', Prefix.Length)).Append(suffix);
            column = (fits ? column + 2 : Prefix.Length) + suffix.Length;
        }
        return text.Append(')').ToString();
    }

    private IEnumerable<string> Suffixes()
    {
        if (Backend is not Backends.HostBackend)
            yield return $"device='{Backend}'";
        if (Length == 0 && Shape.Rank != 1)
            yield return $"size=({Rows}, {Columns})";
        if (Op is not null)
            yield return $"op={Op.Name}";
        else if (RequiresGrad)
            yield return "requires_grad=True";
    }

    private void AppendValues(StringBuilder text, float[] values)
    {
        bool summarize = Length > SummarizeAbove;
        var rows = Shown(Rows, summarize && Shape.Rank == 2);
        var columns = Shown(Columns, summarize);
        var shown = rows.Where(r => r >= 0).SelectMany(r => columns.Where(c => c >= 0).Select(c => values[r * Columns + c]));
        var format = new ElementFormat([.. shown]);
        if (Shape.Rank == 0)
        {
            text.Append(format.Text(values[0]));
            return;
        }

        // Every row starts at the same column; a row too long for the line goes on below its first element.
        int indent = Prefix.Length + (Shape.Rank == 2 ? 1 : 0);
        int perLine = Math.Max(1, (LineWidth - indent) / (format.Width + 2));
        string nextLine = ",\n" + new string(' ', indent + 1), nextRow = ",\n" + new string(' ', indent);
        string Row(int r) => r < 0 ? "..." : $"[{string.Join(nextLine, columns
            .Select(c => c < 0 ? " ..." : format.Text(values[r * Columns + c]))
            .Chunk(perLine).Select(line => string.Join(", ", line)))}]";
        string all = string.Join(nextRow, rows.Select(Row));
        text.Append(Shape.Rank == 2 ? $"[{all}]" : all);
    }

    // The indices to print; −1 stands for the gap.
    private static int[] Shown(int count, bool summarize) => summarize && count > 2 * EdgeItems
        ? [.. Enumerable.Range(0, EdgeItems), -1, .. Enumerable.Range(count - EdgeItems, EdgeItems)]
        : [.. Enumerable.Range(0, count)];

    /// <summary>
    /// One notation for all printed elements: "1." if all are whole, scientific if their magnitudes span more than a factor of 1000, exceed
    /// 1e8 or (unless whole) fall below 1e-4, else four decimals.
    /// </summary>
    private sealed class ElementFormat
    {
        private readonly bool whole, scientific;

        public ElementFormat(float[] shown)
        {
            var finite = Array.FindAll(shown, v => float.IsFinite(v) && v != 0);
            whole = Array.TrueForAll(finite, v => v == MathF.Truncate(v));
            if (finite.Length == 0)
                return;
            double min = finite.Min(v => Math.Abs((double)v)), max = finite.Max(v => Math.Abs((double)v));
            scientific = max / min > 1000 || max > 1e8 || (!whole && min < 1e-4);
            Width = finite.Max(v => Digits(v).Length); // zeros, nan and inf may stick out, as in PyTorch
        }

        public int Width { get; } = 1;

        public string Text(float value) => Digits(value).PadLeft(Width);

        private string Digits(float value) =>
            float.IsNaN(value) ? "nan"
            : float.IsInfinity(value) ? value > 0 ? "inf" : "-inf"
            : scientific ? Scientific(value)
            : whole ? ((double)value).ToString("F0", CultureInfo.InvariantCulture) + "."
            : value == 0 ? float.IsNegative(value) ? "-0.0000" : "0.0000"
            : Math.Round((decimal)(double)value, 4, MidpointRounding.ToEven).ToString("F4", CultureInfo.InvariantCulture);

        // C rounds a tie to the even digit (0.03125 → 0.0312), ToString away from zero: so the rounding is done in decimal, exactly.
        private static string Scientific(float value)
        {
            if (value == 0)
                return float.IsNegative(value) ? "-0.0000e+00" : "0.0000e+00";
            string exact = ((double)value).ToString("E27", CultureInfo.InvariantCulture); // d.ddd…dE+xxx
            int mark = exact.IndexOf('E');
            decimal mantissa = Math.Round(decimal.Parse(exact.AsSpan(0, mark), CultureInfo.InvariantCulture), 4, MidpointRounding.ToEven);
            int exponent = int.Parse(exact.AsSpan(mark + 1), CultureInfo.InvariantCulture);
            if (Math.Abs(mantissa) >= 10)
                (mantissa, exponent) = (mantissa / 10, exponent + 1);
            return mantissa.ToString("F4", CultureInfo.InvariantCulture) + "e" + exponent.ToString("+00;-00", CultureInfo.InvariantCulture);
        }
    }
}
