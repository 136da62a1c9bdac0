using NativeNN.Data;

namespace NativeNN.Experiments.Reports;

/// <summary>Files that are there whole or not at all: written beside, flushed to the disk, renamed.</summary>
public static class AtomicFile
{
    /// <summary>Replaces the file. Throws BadInputException if it can't be written.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be written ({e.Message.TrimEnd('.')}); choose another folder with --out", e);
        }
    }

    /// <summary>Makes the folder. Throws BadInputException if that fails.</summary>
    public static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"{path}: cannot be made a folder ({e.Message.TrimEnd('.')}); choose another one with --out", e);
        }
    }
}
