using System.Diagnostics;
using System.Text.Json;

namespace NativeNN.Experiments.Reports;

/// <summary>One thing a lecture showed, in order: printed text, a line of result, or a figure.</summary>
public abstract record ReportItem;

/// <summary>What the lecture's own print statements show: a model, a tensor, a table.</summary>
public sealed record Listing(string Heading, string Text) : ReportItem;

/// <summary>A line of result.</summary>
public sealed record ResultLine(string Text) : ReportItem;

/// <summary>A figure, the files it was saved to, relative to the lecture's folder, and what the page shows: its SVG.</summary>
public sealed record FigureItem(string Name, string Caption, IReadOnlyList<string> Files, string? Svg = null) : ReportItem;

/// <summary>Everything a finished (or running) lecture has to show; metrics.json and the HTML pages are made of it.</summary>
public sealed class LectureReport
{
    private readonly Stopwatch watch = Stopwatch.StartNew();

    public required string Lecture { get; init; }

    public required string Title { get; init; }

    /// <summary>What the lecture asks, in a sentence.</summary>
    public required string Question { get; init; }

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

    /// <summary>The charts that the lecture itself makes, in the order they came; one with the same id takes the other's place.</summary>
    public List<Chart> Charts { get; } = [];

    /// <summary>The command that makes the same again.</summary>
    public string Command { get; init; } = "";

    /// <summary>CPU threads it might use.</summary>
    public int Threads { get; init; }

    /// <summary>Follows the charts while the lecture trains; null where nobody looks.</summary>
    public LiveServer? Live { get; init; }

    public double Seconds { get; private set; }

    public IEnumerable<FigureItem> Figures => Items.OfType<FigureItem>();

    /// <summary>
    /// Puts a training's metrics in the place of its earlier ones, and writes metrics.json and metrics.csv. Safe from any thread.
    /// </summary>
    public void Update(TrainingMetrics training)
    {
        lock (Trainings)
        {
            Put(Trainings, training, t => t.Key);
            WriteMetrics();
            if (Live is not null)
                foreach (var chart in TrainingCharts.Of(Trainings))
                    Live.Show(chart);
        }
    }

    /// <summary>Puts a chart on the page, in the place of its earlier self. Safe from any thread.</summary>
    public void Show(Chart chart)
    {
        lock (Trainings)
            Put(Charts, chart, c => c.Id);
        Live?.Show(chart);
    }

    /// <summary>The lecture's own charts, then those that every training has.</summary>
    public IReadOnlyList<Chart> ChartsToShow() => [.. Charts, .. TrainingCharts.Of(Trainings)];

    /// <summary>Writes metrics.json and metrics.csv as things stand.</summary>
    public void WriteMetrics()
    {
        Seconds = watch.Elapsed.TotalSeconds;
        MetricsFile.Write(this);
    }

    // In the place of the one with the same name, else at the end.
    private static void Put<T>(List<T> list, T item, Func<T, string> name)
    {
        int index = list.FindIndex(other => name(other) == name(item));
        if (index < 0)
            list.Add(item);
        else
            list[index] = item;
    }
}
