using System.Text;
using NativeNN.Backends;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Random;

namespace NativeNN.Experiments.Running;

/// <summary>What a running lecture works with: its options, backend, console and out folder.</summary>
public sealed class LectureRun
{
    private readonly Lecture lecture;
    private readonly string checkpoints;

    public LectureRun(Lecture lecture, RunOptions options, Backend backend, LectureConsole console, LiveServer? live = null)
    {
        (this.lecture, Options, Backend, Console) = (lecture, options, backend, console);
        string folder = Path.Combine(options.Out, lecture.Name);
        checkpoints = Path.Combine(folder, "checkpoints");
        Report = new LectureReport
        {
            Lecture = lecture.Name,
            Title = lecture.Title,
            Question = lecture.Question,
            // Shards run at the same time: they share the checkpoints and nothing else.
            Folder = options.Shard is { } shard ? Path.Combine(folder, "shards", $"{shard.Index}-of-{shard.Count}") : folder,
            Seed = options.Seed,
            Device = backend.Name,
            Live = live,
        };
        live?.Begin(lecture.Name, lecture.Title);
        bool draws = options.Formats.Count > 0 && options.Shard is null;
        if (draws)
            SkiaLibrary.Load(); // a missing library is told before the training, not after it
        ResultFile.MakeFolder(draws ? Path.Combine(Report.Folder, "figures") : Report.Folder);
        ResultFile.MakeFolder(checkpoints);
    }

    public RunOptions Options { get; }

    public Backend Backend { get; }

    public LectureConsole Console { get; }

    public LectureReport Report { get; }

    public long Seed => Options.Seed;

    /// <summary>Where the trainings' checkpoints lie, one file each.</summary>
    public string Checkpoints => checkpoints;

    /// <summary>The images of --data, else MNIST's.</summary>
    public ImageSource Images => new(Options.Data, lecture.Name);

    /// <summary>A generator with the run's seed; dropout masks are drawn as the backend draws them.</summary>
    public Generator NewGenerator() => new(Seed) { DropoutKernel = Backend.DropoutKernel };

    /// <summary>The data of a recipe on the run's backend.</summary>
    public TrainingData Load(Recipe recipe) => recipe.Data.Load(Images, Seed, Backend);

    /// <summary>--epochs, else the recipe's own number, or the lecture's short one in a quick tour.</summary>
    public int Epochs(Recipe recipe) => Options.Epochs ?? (Options.Quick ? Math.Min(recipe.Epochs, lecture.QuickEpochs) : recipe.Epochs);

    /// <summary>Shows what the lecture's own print statements show.</summary>
    public void Print(string heading, string text)
    {
        Console.Listing(heading, text);
        Report.Items.Add(new Listing(heading, text));
    }

    /// <summary>A line of result.</summary>
    public void Result(string text)
    {
        Console.Line(text);
        Report.Items.Add(new ResultLine(text));
    }

    /// <summary>Puts a chart on the page that the reader can play with; called again, it takes the place of its earlier self.</summary>
    public void Show(Chart chart) => Report.Show(chart);

    /// <summary>Saves the figure in every format asked for, and puts it on the page.</summary>
    public void Save(string name, string caption, Figure figure)
    {
        figure.Description = caption;
        var files = new List<string>();
        foreach (string format in Options.Formats)
        {
            string file = $"figures/{name}.{format}";
            ResultFile.Write(Path.Combine(Report.Folder, file), figure.Encode(format, Options.Dpi));
            files.Add(file);
        }
        string? svg = Options.Formats.Count > 0 ? Encoding.UTF8.GetString(figure.Encode("svg")) : null;
        Report.Items.Add(new FigureItem(name, caption, files, svg));
    }

    /// <summary>A statement of the lecture, what was measured, and the verdict: true holds, false does not.</summary>
    public void Claim(string said, string measured, bool holds) => Claim(said, measured, holds ? Verdict.Holds : Verdict.DoesNotHold);

    /// <summary>A statement of the lecture, what was measured, and the verdict.</summary>
    public void Claim(string said, string measured, Verdict verdict) => Report.Claims.Add(new Claim(said, measured, verdict));

    /// <summary>
    /// Trains, with a live line on the console and a checkpoint after each epoch, and keeps the recording for metrics.json.
    /// </summary>
    public Recording Train(string key, TrainingLoop loop, Action<int, Recording>? beforeEpoch = null,
        Action<int, Recording, float[]>? afterEpoch = null)
    {
        int epochs = Epochs(loop.Recipe);
        Console.TrainingStarts(key, epochs);
        var training = new TrainingRun(key, loop, Checkpoint(key), Console.Show)
        {
            BeforeEpoch = beforeEpoch,
            AfterEpoch = (epoch, recording, losses) =>
            {
                afterEpoch?.Invoke(epoch, recording, losses);
                Report.Update(recording.Metrics(key));
            },
        };
        var recording = training.Run(epochs);
        Report.Update(recording.Metrics(key));
        return recording;
    }

    /// <summary>The checkpoint of a training of this lecture.</summary>
    public CheckpointFile Checkpoint(string key) => new(Path.Combine(checkpoints, key + ".safetensors"),
        settings: $"{lecture.Name}/{key}, --seed {Seed}, data {Report.Dataset.Name} ({Report.Dataset.Train}+{Report.Dataset.Test}), "
            + $"device {Backend.Name}",
        resume: Options.Resume);
}
