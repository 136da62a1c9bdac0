using System.Text.Json;
using System.Text.Json.Serialization;

namespace NativeNN.Experiments.Running;

/// <summary>What the command line says about a run; null means the lecture's own setting.</summary>
public sealed record RunOptions
{
    /// <summary>The whole command, as one would type it.</summary>
    public string Command { get; init; } = "";

    public int? Epochs { get; init; }

    /// <summary>What else it changes of the lecture's recipe.</summary>
    public Hyperparameters Hyperparameters { get; init; } = new();

    public long Seed { get; init; } = 42;

    /// <summary>A folder of IDX files or a CSV file, instead of the MNIST that comes with the program.</summary>
    public string? Data { get; init; }

    /// <summary>The column of a CSV file's labels, by name or number; null where the header tells.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Turn images over their diagonal; null where the files' name tells (EMNIST's).</summary>
    public bool? Transpose { get; init; }

    public string Out { get; init; } = "out";

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Figure formats: "png", "svg", "pdf"; none of them draws nothing and needs no SkiaSharp.</summary>
    public IReadOnlyList<string> Formats { get; init; } = ["png"];

    /// <summary>Pixels per inch of PNG figures.</summary>
    public int Dpi { get; init; } = 100;

    public string Device { get; init; } = "cpu";

    /// <summary>Go on from the checkpoints in the out folder.</summary>
    public bool Resume { get; init; }

    /// <summary>Port of the page that follows the training; null for none.</summary>
    public int? Live { get; init; }

    /// <summary>A short tour: few epochs, the same figures.</summary>
    public bool Quick { get; init; }

    /// <summary>Where TensorBoard's event files go; null for none.</summary>
    public string? TensorBoard { get; init; }

    /// <summary>Delete what an earlier run left in that folder.</summary>
    public bool Overwrite { get; init; }

    public Verbosity Verbosity { get; init; } = Verbosity.Normal;

    /// <summary>Which points of a sweep to train, by index; null means all.</summary>
    public IReadOnlyList<int>? Points { get; init; }

    /// <summary>Other standard deviations than the lecture's own, for a sweep over them.</summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>Train every Count-th point only, from Index on (counted from 0), and draw nothing.</summary>
    public (int Index, int Count)? Shard { get; init; }

    /// <summary>Train nothing; draw from the points that lie in the out folder.</summary>
    public bool Merge { get; init; }

    /// <summary>Every option by its name.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, Json);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IncludeFields = true, // a shard's two numbers
        Converters = { new JsonStringEnumConverter() },
    };
}
