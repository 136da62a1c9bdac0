using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace NativeNN.Data;

/// <summary>What the first line of a CSV file tells: how cells are separated, whether it is a header, which column is what.</summary>
internal sealed class CsvLayout
{
    private static readonly HashSet<string> LabelNames = new(StringComparer.OrdinalIgnoreCase)
        { "label", "labels", "class", "target", "y", "digit" };

    private static readonly HashSet<string> IndexNames = new(StringComparer.OrdinalIgnoreCase)
        { "", "index", "id", "idx", "row", "unnamed: 0" };

    private CsvLayout(byte separator, bool hasHeader, bool labelIsAssumed, CsvColumn[] columns)
    {
        (Separator, HasHeader, LabelIsAssumed, Columns) = (separator, hasHeader, labelIsAssumed, columns);
        Pixels = columns.Count(column => column == CsvColumn.Pixel);
    }

    public byte Separator { get; }

    /// <summary>The first line names the columns.</summary>
    public bool HasHeader { get; }

    /// <summary>Nothing says that the first column holds the labels; it does in most files without a header.</summary>
    public bool LabelIsAssumed { get; }

    public CsvColumn[] Columns { get; }

    /// <summary>How many columns are pixels.</summary>
    public int Pixels { get; }

    /// <summary>Height and width of an image.</summary>
    public int Side => (int)Math.Sqrt(Pixels);

    /// <summary>Reads the first line. Throws BadInputException, which lists the columns, where label or pixels are not clear.</summary>
    public static CsvLayout Of(ReadOnlySpan<byte> line, string path, string? labelColumn)
    {
        byte separator = line.Contains((byte)'\t') ? (byte)'\t' : line.Contains((byte)';') ? (byte)';' : (byte)',';
        string[] cells = Split(line, separator);
        bool hasHeader = IsHeader(cells);
        var columns = new CsvColumn[cells.Length]; // all pixels
        if (hasHeader)
            for (int i = 0; i < cells.Length; i++)
                columns[i] = IndexNames.Contains(cells[i]) ? CsvColumn.Index : CsvColumn.Pixel;
        columns[Label(cells, hasHeader, path, labelColumn)] = CsvColumn.Label;
        var layout = new CsvLayout(separator, hasHeader, labelIsAssumed: !hasHeader && labelColumn is null, columns);
        if (layout.Pixels == 0 || layout.Side * layout.Side != layout.Pixels)
        {
            int side = (int)Math.Sqrt(cells.Length);
            string hint = side * side == cells.Length && side > 1 ? $"{side}×{side} pixels without a label, or " : "";
            throw new BadInputException($"{path}, line 1: {cells.Length} columns; a label and {layout.Pixels} pixels make no square image: "
                + $"{hint}cells not separated by commas, semicolons or tabs.");
        }
        return layout;
    }

    // The cells as text, without quotes; a comma at the end of the line is no cell.
    private static string[] Split(ReadOnlySpan<byte> line, byte separator)
    {
        var cells = new List<string>();
        for (int at = 0; at < line.Length; at++)
            cells.Add(Encoding.UTF8.GetString(CsvCell.Next(line, separator, ref at)).Trim());
        return [.. cells];
    }

    // A header has a column for labels by name, or more names than numbers.
    private static bool IsHeader(string[] cells) =>
        Array.Exists(cells, LabelNames.Contains) || 2 * cells.Count(cell => cell.Length > 0 && !IsNumber(cell)) > cells.Length;

    private static bool IsNumber(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        || double.TryParse(cell.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static int Label(string[] cells, bool hasHeader, string path, string? asked)
    {
        int[] found = [.. Enumerable.Range(0, cells.Length).Where(i => hasHeader
            && (asked is null ? LabelNames.Contains(cells[i]) : string.Equals(cells[i], asked, StringComparison.OrdinalIgnoreCase)))];
        if (found is [var only])
            return only;
        if (asked is null && !hasHeader)
            return 0;
        if (found.Length == 0 && int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= 1 && number <= cells.Length)
            return number - 1;
        string columns = hasHeader ? $"{cells.Length} columns: {List(cells)}" : $"{cells.Length} columns without names";
        throw new BadInputException(asked is null
            ? $"{path}: {(found.Length == 0 ? "no column is" : "several columns are")} called label, class, target, y or digit "
                + $"({columns}); choose one with --label-column NAME or its number."
            : $"{path}: --label-column {BadInputException.Excerpt(asked)} is {(found.Length == 0 ? "none" : "several")} of the {columns}.");
    }

    // The first and the last few names
    private static string List(string[] cells)
    {
        const int Ends = 3;
        var names = cells.Select(cell => BadInputException.Excerpt(cell, 20));
        return cells.Length <= 2 * Ends ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(Ends))}, … {string.Join(", ", names.TakeLast(Ends))}";
    }
}

/// <summary>What a column holds; an index is left out.</summary>
internal enum CsvColumn
{
    Pixel,
    Label,
    Index,
}

/// <summary>One cell of a line.</summary>
internal static class CsvCell
{
    /// <summary>The cell that starts at a place, without quotes and spaces around it; the place moves to the separator behind it.</summary>
    public static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> line, byte separator, ref int at)
    {
        int start = at;
        while (start < line.Length && line[start] == ' ')
            start++;
        // Separators between quotes are text.
        int close = start < line.Length && line[start] == '"' ? line[(start + 1)..].IndexOf((byte)'"') : -1;
        int from = close < 0 ? at : start + close + 2;
        int length = line[from..].IndexOf(separator);
        int end = length < 0 ? line.Length : from + length;
        var cell = line[at..end].Trim(" \t"u8);
        at = end;
        return cell is [(byte)'"', .., (byte)'"'] ? cell[1..^1].Trim(" \t"u8) : cell;
    }

    /// <summary>The number in a cell; with another separator than the comma, that is a decimal point.</summary>
    public static bool TryParse(ReadOnlySpan<byte> cell, byte separator, out double value)
    {
        const int Longest = 64;
        value = 0;
        if (cell.Length > Longest)
            return false;
        Span<byte> text = stackalloc byte[cell.Length];
        cell.CopyTo(text);
        if (separator != ',' && text.IndexOf((byte)',') is var comma and >= 0)
            text[comma] = (byte)'.';
        return Utf8Parser.TryParse(text, out value, out int used) && used == text.Length && double.IsFinite(value);
    }
}
