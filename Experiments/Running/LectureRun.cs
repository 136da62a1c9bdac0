using System.Diagnostics;
using NativeNN.Backends;
using NativeNN.Data;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Gpu;
using NativeNN.Random;

namespace NativeNN.Experiments.Running;

/// <summary>What a running lecture works with: its options, backend, console and out folder.</summary>
public sealed class LectureRun
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Lecture lecture;
    private readonly string checkpoints;

    public LectureRun(Lecture lecture, RunOptions options, Backend backend, LectureConsole console)
    {
        (this.lecture, Options, Backend, Console) = (lecture, options, backend, console);
        string folder = Path.Combine(options.Out, lecture.Name);
        checkpoints = Path.Combine(folder, "checkpoints");
        Report = new LectureReport
        {
            Lecture = lecture.Name,
            Title = lecture.Title,
            // Shards run at the same time: they share the checkpoints and nothing else.
            Folder = options.Shard is { } shard ? Path.Combine(folder, "shards", $"{shard.Index}-of-{shard.Count}") : folder,
            Seed = options.Seed,
            Device = backend.Name,
        };
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

    /// <summary>A generator with the run's seed; on a GPU its dropout masks are drawn there (the device stream), else as PyTorch's CPU draws them.</summary>
    public Generator NewGenerator() =>
        new(Seed) { DropoutKernel = Backend is GpuBackend ? DropoutKernel.Philox : DropoutKernel.Default };

    /// <summary>--epochs, else the lecture's own number, or its short one in a quick tour.</summary>
    public int Epochs => EpochsOr(lecture.DefaultEpochs);

    /// <summary>The same for a training whose own number differs from the main one's.</summary>
    public int EpochsOr(int own) => Options.Epochs ?? (Options.Quick ? Math.Min(own, lecture.QuickEpochs) : own);

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

    /// <summary>Saves the figure in every format asked for.</summary>
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
        Report.Items.Add(new FigureItem(name, caption, files));
    }

    /// <summary>A statement of the lecture, what was measured, and the verdict: true holds, false does not.</summary>
    public void Claim(string said, string measured, bool holds) => Claim(said, measured, holds ? Verdict.Holds : Verdict.DoesNotHold);

    /// <summary>A statement of the lecture, what was measured, and the verdict.</summary>
    public void Claim(string said, string measured, Verdict verdict) => Report.Claims.Add(new Claim(said, measured, verdict));

    /// <summary>Trains, with a live line on the console and a checkpoint after each epoch, and keeps the recording for metrics.json.</summary>
    public Recording Train(TrainingSetup setup, int epochs, Action<int, Recording>? beforeEpoch = null,
        Action<int, Recording, float[]>? afterEpoch = null)
    {
        Console.TrainingStarts(setup.Key, epochs);
        var training = new TrainingRun(setup, Checkpoint(setup.Key), Console.Show)
        {
            BeforeEpoch = beforeEpoch,
            AfterEpoch = (epoch, recording, losses) =>
            {
                afterEpoch?.Invoke(epoch, recording, losses);
                WriteMetrics(setup.Key, recording);
            },
        };
        var recording = training.Run(epochs);
        WriteMetrics(setup.Key, recording);
        return recording;
    }

    /// <summary>The checkpoint of a training of this lecture.</summary>
    public CheckpointFile Checkpoint(string key) => new(Path.Combine(checkpoints, key + ".safetensors"),
        settings: $"{lecture.Name}/{key}, --seed {Seed}, data {Report.Dataset.Name} ({Report.Dataset.Train}+{Report.Dataset.Test}), device {Backend.Name}",
        resume: Options.Resume);

    /// <summary>Puts a recording's epochs into metrics.json, the first one's as the main training, and writes the file. Safe from any thread.</summary>
    public void WriteMetrics(string key, Recording recording)
    {
        // A copy: the training goes on while another thread writes the file.
        recording = new Recording { Epochs = [.. recording.Epochs], DivergedAtStep = recording.DivergedAtStep };
        lock (Report.Trainings)
        {
            int index = Report.Trainings.FindIndex(t => t.Key == key);
            if (index < 0)
                Report.Trainings.Add((key, recording));
            else
                Report.Trainings[index] = (key, recording);
            Finish();
        }
    }

    /// <summary>Writes metrics.json as things stand.</summary>
    public void Finish()
    {
        Report.Seconds = watch.Elapsed.TotalSeconds;
        MetricsFile.Write(Report);
    }

    /// <summary>The images of --data (a CSV file, or a folder of IDX files), else MNIST's training part.</summary>
    public ImageSet LoadTrain() => Options.Data switch
    {
        null => Mnist.LoadTrain(),
        { } path when Directory.Exists(path) => Mnist.LoadTrain(path),
        { } path => Csv.Read(path),
    };

    /// <summary>The test part of the same data. A CSV file has none: BadInputException.</summary>
    public ImageSet LoadTest() => Options.Data switch
    {
        null => Mnist.LoadTest(),
        { } path when File.Exists(path) => throw new BadInputException(
            $"{path}: {lecture.Name} needs a training and a test part; give --data a folder with the four IDX files"),
        { } path => Mnist.LoadTest(path),
    };
}
