namespace NativeNN.Data;

/// <summary>A file for the user, whole or not at all.</summary>
internal static class SavedFile
{
    /// <summary>Replaces the file by what <paramref name="write"/> puts out (<see cref="AtomicFile"/>). Throws BadInputException if it
    /// cannot be written; then an old one stays as it was.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            AtomicFile.Write(path, write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new BadInputException($"{path}: cannot be written ({e.Message.TrimEnd('.')}); choose another folder or free space.", e);
        }
    }
}
