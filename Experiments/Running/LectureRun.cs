using NativeNN.Backends;
using NativeNN.Data;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Random;

namespace NativeNN.Experiments.Running;

/// <summary>
/// What a running lecture works with: its options, backend, console and out folder, which is its own until it is disposed.
/// </summary>
public sealed class LectureRun : IDisposable
{
    private readonly Lecture lecture;
    private readonly Interruption interruption;
    private readonly CheckpointFolder checkpoints;
    private readonly RunLock folderLock;
    private readonly IReadOnlyList<string> changes; // of the lecture's recipe
    private readonly TensorBoardFolder? tensorBoard;

    /// <summary>Makes the folders. Throws BadInputException if that fails, or another run writes there.</summary>
    public LectureRun(Lecture lecture, RunOptions options, Backend backend, LectureConsole console, Interruption interruption,
        LiveServer? live = null)
    {
        (this.lecture, Options, Backend, Console, this.interruption) = (lecture, options, backend, console, interruption);
        Recipe = lecture.RecipeWith(options.Hyperparameters);
        changes = TrainingRecord.Changes(lecture.Recipe, Recipe);
        string folder = Path.Combine(options.Out, lecture.Name);
        checkpoints = new CheckpointFolder(Path.Combine(folder, "checkpoints"), console.Note);
        Report = new LectureReport
        {
            Lecture = lecture.Name,
            Title = lecture.Title,
            Question = lecture.Question,
            // Shards run at the same time: they share the checkpoints and nothing else.
            Folder = options.Shard is { } shard ? Path.Combine(folder, "shards", $"{shard.Index}-of-{shard.Count}") : folder,
            Seed = options.Seed,
            Device = backend.Name,
            Settings = options.ToJson(),
            Quick = options.Quick,
            Live = live,
            Command = options.Command,
            Threads = options.Threads,
        };
        live?.Begin(lecture.Name, lecture.Title);
        if (options.TensorBoard is { } events)
            tensorBoard = new TensorBoardFolder(
                events, lecture.Name, goesOn: options.Resume || options.Shard is not null, options.Overwrite);
        bool draws = options.Formats.Count > 0 && options.Shard is null;
        if (draws)
            SkiaLibrary.Load(); // a missing library is told before the training, not after it
        string figures = Path.Combine(Report.Folder, "figures");
        ResultFile.MakeFolder(draws ? figures : Report.Folder);
        ResultFile.MakeFolder(checkpoints.Path);
        folderLock = RunLock.Take(Path.Combine(Report.Folder, ".lock"), Report.Folder);
        foreach (string swept in new[] { Report.Folder, figures, checkpoints.Path })
            AtomicFile.Sweep(swept);
        if (changes.Count > 0)
            Result($"not the lecture's settings: {string.Join(", ", changes)}");
        tensorBoard?.Clear(); // not before the folder is this run's
    }

    /// <summary>The lecture's recipe, with what the command line changes.</summary>
    public Recipe Recipe { get; }

    /// <summary>The name of the main training of a lecture that trains by SGD.</summary>
    public string MainKey => Recipe.Optimizer.Kind == OptimizerKind.Sgd ? "sgd" : "main";

    public RunOptions Options { get; }

    public Backend Backend { get; }

    public LectureConsole Console { get; }

    public LectureReport Report { get; }

    public long Seed => Options.Seed;

    /// <summary>Where the trainings' checkpoints lie, one file each.</summary>
    public string Checkpoints => checkpoints.Path;

    /// <summary>Whether a training of this run had fewer epochs than its recipe has: then verdicts on trained networks wait.</summary>
    public bool IsShort { get; private set; }

    /// <summary>The images of --data, else MNIST's.</summary>
    public ImageSource Images => new(Options.Data, lecture.Name, Options.LabelColumn, Options.Transpose);

    /// <summary>A generator with the run's seed; dropout masks are drawn as the backend draws them.</summary>
    public Generator NewGenerator() => new(Seed) { DropoutKernel = Backend.DropoutKernel };

    /// <summary>The data of a recipe on the run's backend, or another one; a line says what --data held.</summary>
    public TrainingData Load(Recipe recipe, Backend? backend = null)
    {
        var data = recipe.Data.Load(Images, Seed, backend ?? Backend);
        if (Options.Data is null || Report.Dataset.Name is not null) // a lecture's second set is of the same files
            return data;
        Result($"data: {data.Describe()}");
        foreach (string remark in data.Remarks)
            Result($"data: {remark}");
        if ((data.Rows, data.Columns, data.ClassCount) != (28, 28, 10))
            Result("data: what the lecture said was about MNIST's ten digits of 28×28 pixels; "
                + "the network's first and last layer follow the data");
        return data;
    }

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
        interruption.ThrowIfRequested("what was trained is saved, and drawing begins again");
        var item = figure.Save(Report.Folder, $"figures/{name}", caption, Options.Formats, Options.Dpi);
        foreach (string file in item.Files)
            Console.Detail(Path.Combine(Report.Folder, file));
        if (Options.Formats.Count > 0)
            tensorBoard?.Figure(name, figure.Encode("png", Options.Dpi));
        Report.Items.Add(item);
    }

    /// <summary>A statement of the lecture, what was measured, and the verdict: true holds, false does not.</summary>
    public void Claim(string said, string measured, bool holds, bool anyLength = false, bool anySettings = false) =>
        Claim(said, measured, holds ? Verdict.Holds : Verdict.DoesNotHold, anyLength, anySettings);

    /// <summary>
    /// A statement of the lecture, what was measured, and the verdict. anyLength: it is about the start, the data or the script, so that a
    /// short training tells as much as a long one; of all others a short run says 'too short to tell'. anySettings: no training has a part
    /// in it at all; of all others a run whose recipe the command line changed says 'not the lecture's settings'.
    /// </summary>
    public void Claim(string said, string measured, Verdict verdict, bool anyLength = false, bool anySettings = false) =>
        Report.Claims.Add(new Claim(said, measured, changes.Count > 0 && !anySettings ? Verdict.OtherSettings
            : IsShort && !anyLength && !anySettings ? Verdict.TooShort : verdict));

    /// <summary>
    /// Trains, with a live line on the console and a checkpoint after each epoch, and keeps the recording for metrics.json. The hooks and
    /// counters are TrainingRun's.
    /// </summary>
    public Recording Train(string key, TrainingLoop loop, Action<int, Recording>? beforeEpoch = null,
        Action<int, Recording, float[]>? afterEpoch = null, double[]? counters = null)
    {
        Console.TrainingStarts(key, Epochs(loop.Recipe));
        return Train(key, loop, Console.Show, counters, beforeEpoch, afterEpoch);
    }

    /// <summary>The same with another way to show where it is. Safe from any thread.</summary>
    public Recording Train(string key, TrainingLoop loop, Action<TrainingProgress> show, double[]? counters = null,
        Action<int, Recording>? beforeEpoch = null, Action<int, Recording, float[]>? afterEpoch = null)
    {
        int epochs = Epochs(loop.Recipe);
        var checkpoint = Checkpoint(key, loop.Recipe, loop.Data);
        var settings = Settings.Of(checkpoint.Record.ToJson())
            .Where(s => s.Value.Length > 0 && !s.Name.EndsWith("Hash", StringComparison.Ordinal));
        Console.Detail(string.Join(", ", settings.Select(s => $"{s.Name} {s.Value}")));
        if (!Options.Resume)
            checkpoints.SetAside(key, alone: (Options.Points ?? (object?)Options.Sigmas ?? Options.Shard) is not null);
        using var events = tensorBoard?.Training(key);
        if (events is not null && !Options.Resume)
            TensorBoardFolder.WriteWeights(events, epoch: 0, loop.Net);
        var training = new TrainingRun(loop, checkpoint, Options.Resume, interruption, show, Console.Note)
        {
            Counters = counters ?? [],
            SetAside = () => checkpoints.SetAsideOwn(key),
            BeforeEpoch = beforeEpoch,
            AfterEpoch = afterEpoch,
            EpochRecorded = recording =>
            {
                var metrics = recording.Metrics(checkpoint.Record);
                Report.Update(metrics);
                if (events is not null)
                    TensorBoardFolder.WriteEpoch(events, metrics, loop.Net);
            },
        };
        var recording = training.Run(epochs);
        Trained(loop.Recipe, checkpoint.Record, recording);
        return recording;
    }

    /// <summary>The recording of a training that lies in the out folder, trained here or elsewhere from the same settings.</summary>
    public Recording Trained(string key, Recipe recipe, TrainingData data)
    {
        var checkpoint = Checkpoint(key, recipe, data);
        var saved = checkpoint.Read() ?? throw new BadInputException($"{checkpoint.Path}: is gone; train it again");
        if (saved.Recording.Epochs.Count == 0)
            throw new BadInputException($"{checkpoint.Path}: its first epoch is not done; go on with --resume");
        Trained(recipe, saved.Record, saved.Recording);
        return saved.Recording;
    }

    public void Dispose() => folderLock.Dispose();

    private void Trained(Recipe recipe, TrainingRecord record, Recording recording)
    {
        IsShort |= recording.Epochs.Count < recipe.Epochs;
        Report.Update(recording.Metrics(record));
    }

    private CheckpointFile Checkpoint(string key, Recipe recipe, TrainingData data) =>
        new(checkpoints.FileOf(key), TrainingRecord.Of(key, recipe, data, Epochs(recipe), Seed));
}
