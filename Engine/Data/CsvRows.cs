using System.Text;

namespace NativeNN.Data;

/// <summary>
/// The rows of a CSV file as they are read. Pixels are whole numbers 0–255, or, all of them, 0–1: the first fraction decides, and a file
/// whose highest value is 1 has black and white.
/// </summary>
internal sealed class CsvRows(string path, CsvLayout layout)
{
    private const int MostLikelyLabel = 99; // no known set of grey images has more classes; a column of pixels goes higher

    private readonly MemoryStream pixels = new(), labels = new();
    private readonly byte[] row = new byte[layout.Pixels];
    private int highest;     // pixel so far
    private int highestLine;
    private bool fractions;  // pixels are 0–1, and those stored are 255 times them

    /// <summary>Adds the image of a line. Throws BadInputException, which names the line, if it is not as the others.</summary>
    public void Add(ReadOnlySpan<byte> text, int line)
    {
        int at = 0, pixel = 0;
        for (int column = 0; column < layout.Columns.Length; column++)
        {
            if (at > text.Length)
                throw Wrong(line, $"{column} cells, {layout.Columns.Length} are needed");
            var what = layout.Columns[column];
            // Digits up to the next separator are nearly every cell; anything else is looked at once more, with care.
            int start = at, number = 0;
            while (at < text.Length && (uint)(text[at] - '0') <= 9 && number <= byte.MaxValue)
                number = 10 * number + text[at++] - '0';
            if (at == start || number > byte.MaxValue || (at < text.Length && text[at] != layout.Separator))
            {
                at = start;
                var cell = CsvCell.Next(text, layout.Separator, ref at);
                number = what switch
                {
                    CsvColumn.Label => Label(cell, line),
                    CsvColumn.Pixel => Pixel(cell, line, pixel),
                    _ => 0,
                };
            }
            else if (what == CsvColumn.Pixel)
                number = Whole(number, line, pixel);
            if (what == CsvColumn.Label)
                labels.WriteByte((byte)number);
            else if (what == CsvColumn.Pixel)
                row[pixel++] = (byte)number;
            at++;
        }
        if (at < text.Length) // and a separator at the end is let through
            throw Wrong(line, $"more than {layout.Columns.Length} cells");
        pixels.Write(row);
    }

    /// <summary>All images. Throws BadInputException if there are none.</summary>
    public ImageSet ToImages()
    {
        if (labels.Length == 0)
            throw new BadInputException($"{path}: no rows; needs a line with label and {layout.Pixels} pixels for each image.");
        int highestLabel = labels.GetBuffer().AsSpan(0, (int)labels.Length).ToArray().Max();
        if (layout.LabelIsAssumed && highestLabel > MostLikelyLabel)
            throw new BadInputException($"{path}: the first column goes up to {highestLabel}; pixels, or labels? "
                + "Say where the labels are: --label-column 1 is the first column.");
        bool binary = !fractions && highest == 1;
        if (binary)
            Stretch(Stored);
        return new ImageSet(Path.GetFileName(path), pixels.ToArray(), labels.ToArray(), layout.Side, layout.Side)
        {
            Remarks = fractions || binary ? ["pixels 0–1 are taken times 255"] : [],
        };
    }

    private Span<byte> Stored => pixels.GetBuffer().AsSpan(0, (int)pixels.Length);

    private int Label(ReadOnlySpan<byte> cell, int line) =>
        !CsvCell.TryParse(cell, layout.Separator, out double value) ? throw Wrong(line, $"label '{Shown(cell)}' is not a number")
        : value is >= 0 and <= byte.MaxValue && double.IsInteger(value) ? (int)value
        : throw Wrong(line, $"label {Shown(cell)} is not a whole number in 0–255");

    private int Pixel(ReadOnlySpan<byte> cell, int line, int pixel)
    {
        if (!CsvCell.TryParse(cell, layout.Separator, out double value))
            throw Wrong(line, $"pixel {pixel + 1} '{Shown(cell)}' is not a number");
        if (double.IsInteger(value) && value is >= 0 and <= byte.MaxValue)
            return Whole((int)value, line, pixel);
        if (!(value is > 0 and < 1))
            throw Wrong(line, $"pixel {pixel + 1} {Shown(cell)} is not a whole number in 0–255");
        if (!fractions && highest > 1)
            throw Wrong(line, $"pixel {pixel + 1} {Shown(cell)} is not a whole number in 0–255, but line {highestLine} has {highest}");
        if (!fractions)
        {
            fractions = true;
            Stretch(Stored);
            Stretch(row.AsSpan(0, pixel));
        }
        return (int)Math.Round(byte.MaxValue * value);
    }

    private int Whole(int value, int line, int pixel)
    {
        if (value > highest)
            (highest, highestLine) = (value, line);
        if (!fractions)
            return value;
        return value <= 1 ? byte.MaxValue * value : throw Wrong(line, $"pixel {pixel + 1} is {value}, but others are fractions of 1");
    }

    private static void Stretch(Span<byte> values)
    {
        foreach (ref byte value in values)
            value *= byte.MaxValue;
    }

    private static string Shown(ReadOnlySpan<byte> cell) => BadInputException.Excerpt(Encoding.UTF8.GetString(cell), 20);

    private BadInputException Wrong(int line, string what) => new($"{path}, line {line}: {what}; correct or remove the line.");
}
