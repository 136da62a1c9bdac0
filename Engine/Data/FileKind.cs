using System.Text;

namespace NativeNN.Data;

/// <summary>What people have in place of a data file, by its first bytes.</summary>
internal static class FileKind
{
    private const string Download = "get the data file itself again", Unpack = "unpack it first", Convert = "save it as CSV or IDX first";

    // The magic as Latin-1 text, what it is, what to do
    private static readonly (string Magic, string What)[] Known =
    [
        ("PK\x03\x04", $"a ZIP archive; {Unpack}"),
        ("\x1f\x8b", $"gzip within gzip; {Unpack}"),
        ("BZh", $"a bzip2 archive; {Unpack}"),
        ("\xfd7zXZ", $"an xz archive; {Unpack}"),
        ("7z\xbc\xaf", $"a 7-Zip archive; {Unpack}"),
        ("Rar!", $"a RAR archive; {Unpack}"),
        ("\x28\xb5\x2f\xfd", $"a Zstandard archive; {Unpack}"),
        ("\x93NUMPY", "a NumPy array; save images and labels with numpy.savez"),
        ("\x80\x02", $"a Python pickle; {Convert}"),
        ("\x80\x03", $"a Python pickle; {Convert}"),
        ("\x80\x04", $"a Python pickle; {Convert}"),
        ("\x80\x05", $"a Python pickle; {Convert}"),
        ("PAR1", $"a Parquet file; {Convert}"),
        ("\x89HDF", $"an HDF5 file; {Convert}"),
        ("MATLAB", $"a MATLAB file; {Convert}"),
        ("%PDF", $"a PDF document; {Download}"),
        ("\x89PNG", $"a PNG picture; {Convert}"),
        ("\xff\xd8\xff", $"a JPEG picture; {Convert}"),
        ("version https://git-lfs", $"a Git LFS pointer; {Download}"),
        ("{", $"JSON text; {Convert}"),
        ("@", $"ARFF text; {Convert}"),
        ("%", $"ARFF text; {Convert}"),
    ];

    /// <summary>The kind and a remedy; null for what may be data.</summary>
    public static string? Of(ReadOnlySpan<byte> start)
    {
        if (start.Length > 261 && start[257..].StartsWith("ustar"u8))
            return $"a tar archive; {Unpack}";
        string text = Encoding.Latin1.GetString(start);
        string visible = text.TrimStart('\xef', '\xbb', '\xbf', ' ', '\t', '\r', '\n');
        if (visible.StartsWith('<'))
            return visible.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)
                ? $"an XML document; {Download}"
                : $"an HTML page, as when a download goes wrong; {Download}";
        return Array.Find(Known, known => text.StartsWith(known.Magic, StringComparison.Ordinal)).What;
    }
}
