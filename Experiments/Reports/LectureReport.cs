using System.Diagnostics;
using System.Text.Json;


namespace NativeNN.Experiments.Reports;

/// <summary>One thing a lecture showed, in order: printed text, a line of result, or a figure.</summary>
public abstract record ReportItem;

/// <summary>What the lecture's own print statements show: a model, a tensor, a table.</summary>
public sealed record Listing(string Heading, string Text) : ReportItem;

/// <summary>A line of result.</summary>
public sealed record ResultLine(string Text) : ReportItem;

/// <summary>A figure and the files it was saved to, relative to the lecture's folder.</summary>
public sealed record FigureItem(string Name, string Caption, IReadOnlyList<string> Files) : ReportItem;

/// <summary>Everything a finished (or running) lecture has to show; metrics.json and the HTML pages are made of it.</summary>
public sealed class LectureReport
{
    private readonly Stopwatch watch = Stopwatch.StartNew();

    public required string Lecture { get; init; }

    public required string Title { get; init; }

    public required string Folder { get; init; }

    public required long Seed { get; init; }

    public required string Device { get; init; }

    /// <summary>The command line's options, as metrics.json shows them.</summary>
    public JsonElement Settings { get; init; } = JsonElement.Parse("{}");

    /// <summary>Whether the run is a short tour.</summary>
    public bool Quick { get; init; }

    /// <summary>When the run began, UTC.</summary>
    public DateTime Date { get; } = DateTime.UtcNow;

    public (string Name, int Train, int Test) Dataset { get; set; }

    public List<ReportItem> Items { get; } = [];

    public List<Claim> Claims { get; } = [];

    /// <summary>The trainings in the order they began; the first is the lecture's main training.</summary>
    public List<TrainingMetrics> Trainings { get; } = [];

    public double Seconds { get; private set; }

    public IEnumerable<FigureItem> Figures => Items.OfType<FigureItem>();

    /// <summary>
    /// Puts a training's metrics in the place of its earlier ones, and writes metrics.json and metrics.csv. Safe from any thread.
    /// </summary>
    public void Update(TrainingMetrics training)
    {
        lock (Trainings)
        {
            int index = Trainings.FindIndex(t => t.Key == training.Key);
            if (index < 0)
                Trainings.Add(training);
            else
                Trainings[index] = training;
            WriteMetrics();
        }
    }

    /// <summary>Writes metrics.json and metrics.csv as things stand.</summary>
    public void WriteMetrics()
    {
        Seconds = watch.Elapsed.TotalSeconds;
        MetricsFile.Write(this);
    }
}
