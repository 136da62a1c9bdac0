using NativeNN.Data;
using NativeNN.Experiments.Reports;
using NativeNN.Layers;

namespace NativeNN.Experiments.Running;

/// <summary>
/// --tensorboard: DIR/lecture/training holds a training's numbers and histograms of its weights, an event file for each run of it, and
/// DIR/lecture/figures the figures. Step 0 are the weights before the training, then steps are epochs.
/// </summary>
internal sealed class TensorBoardFolder
{
    private readonly string folder;
    private readonly string[] unwanted = [];

    /// <summary>
    /// The folder of a lecture. Throws BadInputException if an earlier run's events are there, which the new ones would be mixed with,
    /// unless the run goes on from it or may delete them, as <see cref="Clear"/> does.
    /// </summary>
    public TensorBoardFolder(string root, string lecture, bool goesOn, bool overwrite)
    {
        folder = Path.Combine(root, lecture);
        ResultFile.MakeFolder(folder, EventFile.Option);
        if (goesOn)
            return;
        unwanted = Directory.GetFiles(folder, EventFile.NameStart + "*", SearchOption.AllDirectories);
        if (unwanted.Length > 0 && !overwrite)
            throw new BadInputException($"{folder}: holds an earlier run's events; "
                + "choose another folder with --tensorboard, delete them with --overwrite, or go on with --resume");
    }

    /// <summary>Deletes the earlier run's events. Throws BadInputException if that fails.</summary>
    public void Clear()
    {
        foreach (string file in unwanted)
            try
            {
                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new BadInputException(
                    $"{file}: cannot be deleted ({e.Message.TrimEnd('.')}); choose another folder with --tensorboard", e);
            }
    }

    public EventFile Training(string key) => new(Path.Combine(folder, key));

    public void Figure(string name, byte[] png)
    {
        using var file = new EventFile(Path.Combine(folder, "figures", name));
        file.Image(name, png);
    }

    /// <summary>The weights as they are.</summary>
    public static void WriteWeights(EventFile file, int epoch, Module net) =>
        file.Histograms(epoch, Snapshot.Of(net).ByName.Select(p => ($"weights/{p.Name}", p.Values)));

    /// <summary>The last epoch's numbers, and the weights after it.</summary>
    public static void WriteEpoch(EventFile file, TrainingMetrics metrics, Module net)
    {
        var epoch = metrics.Epochs[^1];
        (string Tag, double Value)[] scalars =
        [
            ("loss/train", epoch.TrainLoss), ("loss/test", epoch.TestLoss),
            ("accuracy/train", epoch.TrainAccuracy), ("accuracy/test", epoch.TestAccuracy),
        ];
        // A lecture that does not test has no numbers of a test.
        bool tested = !double.IsNaN(epoch.TestAccuracy);
        file.Scalars(epoch.Epoch, scalars.Where(s => tested || !s.Tag.EndsWith("/test", StringComparison.Ordinal))
            .Concat(metrics.GradientNorms.Select(layer => ($"gradient_norm/{layer.Key}", layer.Value[^1]))));
        WriteWeights(file, epoch.Epoch, net);
    }
}
