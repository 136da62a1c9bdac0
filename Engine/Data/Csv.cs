using System.Text;

namespace NativeNN.Data;

/// <summary>
/// Reads images from text: a label and the grey values of a square image per line, with or without a header line that names the columns
/// (Colab's <c>mnist_train_small.csv</c>, Kaggle's and OpenML's MNIST files are such). Cells are separated by commas, semicolons or tabs,
/// quoted or not; UTF-8 or UTF-16; plain or gzipped.
/// </summary>
public static class Csv
{
    private const int LongestLine = 1 << 20; // of 512×512 images

    /// <summary>
    /// Reads a file. labelColumn: its name or its number, counted from 1; by default the one that the header calls label, class, target, y
    /// or digit, or the first where there is no header. Throws BadInputException if the file is missing or unreadable, the label column is
    /// not clear, the pixels make no square, or a line is short, long, not numeric, or has a value outside 0–255.
    /// </summary>
    public static ImageSet Read(string path, string? labelColumn = null) => InputFile.Read(path, (stream, _) =>
    {
        var unicode = Utf16(stream.Start);
        return unicode is null
            ? Read(stream, path, labelColumn)
            : Read(Encoding.CreateTranscodingStream(stream, unicode, Encoding.UTF8, leaveOpen: true), path, labelColumn);
    });

    private static ImageSet Read(Stream stream, string path, string? labelColumn)
    {
        CsvRows? rows = null;
        byte[] buffer = new byte[LongestLine];
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
                int length = LineLength(buffer.AsSpan(start, held - start));
                if (length < 0 && !ended)
                    break;
                if (length < 0)
                    length = held - start;
                line++;
                var text = Trim(buffer.AsSpan(start, length), first: line == 1);
                start = Math.Min(held, start + length + 1);
                if (text.IsEmpty)
                    continue;
                if (rows is null)
                {
                    var layout = CsvLayout.Of(text, path, labelColumn);
                    rows = new CsvRows(path, layout);
                    if (layout.HasHeader)
                        continue;
                }
                rows.Add(text, line);
            }
            if (start == 0 && held == buffer.Length)
                throw new BadInputException($"{path}, line {line + 1}: longer than {LongestLine} characters; needs a line for each image.");
            buffer.AsSpan(start, held - start).CopyTo(buffer);
            held -= start;
        }
        return rows?.ToImages() ?? throw new BadInputException($"{path}: no rows; needs a line with label and pixels for each image.");
    }

    // Lines end in \n, \r\n, or in old files in \r alone.
    private static int LineLength(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        int old = text[..(end < 0 ? text.Length : end)].IndexOf((byte)'\r');
        return old < 0 || old + 1 == end || old + 1 == text.Length ? end : old;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text, bool first)
    {
        if (first && text.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..];
        return text.Trim(" \r"u8); // tabs separate
    }

    // By its byte order mark, or by the zeros between characters where it has none.
    private static UnicodeEncoding? Utf16(ReadOnlySpan<byte> start)
    {
        if (start.Length < 2)
            return null;
        bool bigEndian = start is [0xfe, 0xff, ..] or [0, not 0, ..];
        bool littleEndian = start is [0xff, 0xfe, ..] or [not 0, 0, ..];
        return bigEndian || littleEndian ? new UnicodeEncoding(bigEndian, byteOrderMark: false) : null;
    }
}
