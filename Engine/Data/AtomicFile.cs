using System.Runtime.InteropServices;

namespace NativeNN.Data;

/// <summary>Files that are there whole or not at all.</summary>
public static partial class AtomicFile
{
    private const string TemporaryEnding = ".tmp";

    /// <summary>
    /// Replaces the file by what <paramref name="write"/> puts out: into a temporary neighbour, which is flushed to the disk and renamed;
    /// then the folder is flushed, as it holds the name. On any error the old file stays, the neighbour goes, and the error passes through,
    /// the system's as it is.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        RequireFile(path);
        // A random name, as process numbers repeat on other nodes of a cluster. Held open until it has its own: see Sweep.
        string temporary = $"{path}.{Guid.NewGuid():N}{TemporaryEnding}";
        try
        {
            using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
            write(file);
            file.Flush(flushToDisk: true);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>
    /// Deletes what killed processes left half-written in a folder: temporary files that nobody has open. Returns how many.
    /// </summary>
    public static int Sweep(string folder)
    {
        int swept = 0;
        if (!Directory.Exists(folder))
            return swept;
        foreach (string path in Directory.EnumerateFiles(folder, $"*{TemporaryEnding}").Where(IsOurs))
            try
            {
                // The lock of a living writer refuses this; the system drops it with the process.
                using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                    File.Delete(path);
                swept++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Being written, or not ours to delete.
            }
        return swept;
    }

    // The rename would put a file in the place of a device: of /dev/null, for root. Devices have length 0 and, unlike empty files, refuse
    // to be given it.
    private static void RequireFile(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: 0 })
            return;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            file.SetLength(0);
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            throw new IOException($"'{path}' is a device or a pipe, not a file", e);
        }
    }

    private static bool IsOurs(string path) =>
        Guid.TryParseExact(Path.GetExtension(path[..^TemporaryEnding.Length]).TrimStart('.'), "N", out _);

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // The error that led here is the one to report.
        }
    }

    // Without it a power cut can undo the rename. Windows' file system keeps a journal of its own.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        int handle = Open(folder, flags: 0);
        if (handle < 0)
            return; // a folder that may be written but not read: the file is there all the same
        _ = Fsync(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
