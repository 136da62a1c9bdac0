using System.Buffers.Text;
using System.Text;

namespace NativeNN.Data;

/// <summary>
/// Reads images from comma-separated text: a label and 784 grey values per line, with or without a header line
/// (Colab's <c>mnist_train_small.csv</c> and Kaggle's MNIST files are such), plain or gzipped.
/// </summary>
public static class Csv
{
    private const int Side = 28;
    private const int Fields = 1 + Side * Side;
    private const int LongestLine = 1 << 16; // 785 numbers of three digits need 3,140 bytes

    /// <summary>
    /// Reads a file of 28×28 images. Throws BadInputException if the file is missing or unreadable, or a line is short, long, not numeric,
    /// or has a pixel outside 0–255 or a label outside 0–9.
    /// </summary>
    public static ImageSet Read(string path) =>
        InputFile.Read(path, (stream, _) => Read(stream, path));

    private static ImageSet Read(Stream stream, string path)
    {
        var pixels = new MemoryStream();
        var labels = new MemoryStream();
        byte[] buffer = new byte[LongestLine];
        byte[] row = new byte[Fields];
        int held = 0, line = 0;
        bool ended = false;
        while (!ended || held > 0)
        {
            // Fill the buffer, then take every whole line out of it; at the end of the file the rest is a line too.
            int got = stream.ReadAtLeast(buffer.AsSpan(held), buffer.Length - held, throwOnEndOfStream: false);
            ended = got < buffer.Length - held;
            held += got;
            int start = 0;
            while (start < held)
            {
                int length = buffer.AsSpan(start, held - start).IndexOf((byte)'\n');
                if (length < 0 && !ended)
                    break;
                if (length < 0)
                    length = held - start;
                line++;
                var text = Trim(buffer.AsSpan(start, length), first: line == 1);
                start = Math.Min(held, start + length + 1);
                if (text.IsEmpty || (line == 1 && IsHeader(text)))
                    continue;
                ParseRow(text, row, path, line);
                labels.WriteByte(row[0]);
                pixels.Write(row, 1, Fields - 1);
            }
            if (start == 0 && held == buffer.Length)
                throw new BadInputException(
                    $"{path}, line {line + 1}: longer than {LongestLine} characters; expected a label and {Fields - 1} pixels.");
            buffer.AsSpan(start, held - start).CopyTo(buffer);
            held -= start;
        }
        if (labels.Length == 0)
            throw new BadInputException($"{path}: no rows; expected a label and {Fields - 1} pixels per line.");
        return new ImageSet(Path.GetFileName(path), pixels.ToArray(), labels.ToArray(), Side, Side);
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text, bool first)
    {
        if (first && text.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..];
        return text.Trim(" \t\r"u8);
    }

    // A header names its columns: its first field is 'label', or none of its fields is a number.
    private static bool IsHeader(ReadOnlySpan<byte> text)
    {
        bool named = true;
        int field = 0;
        foreach (var range in text.Split((byte)','))
        {
            var cell = text[range].Trim(" \t\""u8);
            if (field++ == 0 && Ascii.EqualsIgnoreCase(cell, "label"u8))
                return true;
            named &= !(Utf8Parser.TryParse(cell, out double _, out int used) && used == cell.Length);
        }
        return named;
    }

    private static void ParseRow(ReadOnlySpan<byte> text, Span<byte> row, string path, int line)
    {
        int at = 0;
        for (int field = 0; field < Fields; field++)
        {
            if (at > text.Length)
                throw new BadInputException($"{path}, line {line}: {field} fields; expected a label and {Fields - 1} pixels.");
            // Digits up to the next comma are nearly every cell; anything else is looked at once more, with care.
            int start = at, number = 0, limit = field == 0 ? 9 : 255;
            while (at < text.Length && (uint)(text[at] - '0') <= 9 && number <= limit)
                number = 10 * number + text[at++] - '0';
            if (at == start || number > limit || (at < text.Length && text[at] != (byte)','))
            {
                int length = text[start..].IndexOf((byte)',');
                at = length < 0 ? text.Length : start + length;
                if (!TryParse(text[start..at], limit, out number))
                    throw Wrong(text[start..at], limit, path, line, field);
            }
            row[field] = (byte)number;
            at++;
        }
        if (at <= text.Length)
            throw new BadInputException($"{path}, line {line}: more than {Fields} fields; expected a label and {Fields - 1} pixels.");
    }

    // A number with spaces around it is let through.
    private static bool TryParse(ReadOnlySpan<byte> cell, int limit, out int number) =>
        Utf8Parser.TryParse(cell.Trim(" \t"u8), out number, out int used)
        && used == cell.Trim(" \t"u8).Length && number >= 0 && number <= limit;

    private static BadInputException Wrong(ReadOnlySpan<byte> cell, int limit, string path, int line, int field)
    {
        string shown = Encoding.UTF8.GetString(cell[..Math.Min(cell.Length, 20)]).Trim();
        string what = field == 0 ? "label" : $"pixel {field}";
        string problem = double.TryParse(shown, out _) ? $"{shown} is not a whole number in 0–{limit}" : $"'{shown}' is not a number";
        return new BadInputException($"{path}, line {line}: {what} {problem}; correct or remove the line.");
    }
}
