using NativeNN.Data;

namespace NativeNN.Experiments.Reports;

/// <summary>The files and folders of --out; where one cannot be made, the message says so and names the option.</summary>
public static class ResultFile
{
    /// <summary>
    /// Replaces the file, whole or not at all; its folder is made again if someone removed it. Throws BadInputException if it can't be
    /// written.
    /// </summary>
    public static void Write(string path, byte[] content)
    {
        MakeFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            AtomicFile.Write(path, file => file.Write(content));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be written ({e.Message.TrimEnd('.')}); choose another folder with --out", e);
        }
    }

    /// <summary>Makes the folder that an option names. Throws BadInputException if that fails.</summary>
    public static void MakeFolder(string path, string option = "--out")
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"{path}: cannot be made a folder ({e.Message.TrimEnd('.')}); choose another one with {option}", e);
        }
    }
}
