using NativeNN.Data;

namespace NativeNN.Experiments.Running;

/// <summary>
/// A file that one run holds open while it writes beside it. The system lets go of it when the process ends, however it ends, so no run is
/// ever kept out by a dead one. The file's length is its holder's process number, which can be read without opening it.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const int UnixHeld = 11, MacHeld = 35, WindowsHeld = unchecked((int)0x80070020);

    private readonly FileStream file;

    private RunLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock. Throws BadInputException if another run has it, which starts with what it holds.</summary>
    public static RunLock Take(string path, string held)
    {
        try
        {
            // Not shared is locked (flock on Unix); deleted while still locked, which FileStream takes care of.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose);
            file.SetLength(Environment.ProcessId);
            return new RunLock(file);
        }
        catch (IOException e) when (e.HResult is UnixHeld or MacHeld or WindowsHeld)
        {
            var holder = new FileInfo(path);
            throw new BadInputException($"{held}: another run{(holder.Exists ? $" (process {holder.Length})" : "")} is writing there; "
                + "wait for it, or choose another folder with --out", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be written ({e.Message.TrimEnd('.')}); choose another folder with --out", e);
        }
    }

    public void Dispose() => file.Dispose();
}
