using NativeNN.Data;
using NativeNN.Experiments.Reports;

namespace NativeNN.Experiments.Running;

/// <summary>
/// Where the checkpoints of a lecture lie, one file a training. What a run that starts afresh would overwrite is set aside, in a folder
/// beside it, until the next time: a forgotten --resume loses nothing.
/// </summary>
internal sealed class CheckpointFolder(string path, Action<string> say)
{
    private const string Ending = ".safetensors";
    private readonly Lock setting = new();
    private bool wholeIsSet, said;

    public string Path => path;

    private string Previous => path + ".previous";

    public string FileOf(string training) => System.IO.Path.Combine(path, training + Ending);

    /// <summary>
    /// Before a training that starts afresh: moves its checkpoint away, or, the first time, those of all trainings. Throws
    /// BadInputException where another run writes one of them.
    /// </summary>
    public void SetAside(string training, bool alone)
    {
        lock (setting)
        {
            if (!Directory.Exists(path) || !alone && wholeIsSet)
                return;
            wholeIsSet |= !alone;
            string[] files = alone ? [.. new[] { FileOf(training) }.Where(File.Exists)] : Directory.GetFiles(path, $"*{Ending}");
            if (files.Length > 0)
                MoveLocked(files, replace: !alone);
        }
    }

    /// <summary>The same for one checkpoint of which the caller holds the lock, whatever else the folder holds.</summary>
    public void SetAsideOwn(string training)
    {
        lock (setting)
            Move([FileOf(training)], replace: false);
    }

    private void MoveLocked(string[] files, bool replace)
    {
        var locks = new List<IDisposable>();
        try
        {
            foreach (string file in files)
                locks.Add(CheckpointFile.Lock(file));
            Move(files, replace);
        }
        finally
        {
            locks.ForEach(l => l.Dispose());
        }
        if (!said)
            say($"the run before has left checkpoints, which are set aside in {Previous}; --resume would have gone on from them");
        said = true;
    }

    private void Move(string[] files, bool replace)
    {
        try
        {
            if (replace && Directory.Exists(Previous))
                Directory.Delete(Previous, recursive: true);
            ResultFile.MakeFolder(Previous);
            foreach (string file in files)
                File.Move(file, System.IO.Path.Combine(Previous, System.IO.Path.GetFileName(file)), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: the checkpoints of the run before cannot be set aside ({e.Message.TrimEnd('.')}); "
                + "choose another folder with --out", e);
        }
    }
}
