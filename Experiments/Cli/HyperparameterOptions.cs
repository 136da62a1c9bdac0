using System.CommandLine;
using System.Globalization;
using NativeNN.Data;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Cli;

/// <summary>--lr, --batch-size, … : what a run changes of its lecture's recipe.</summary>
internal static class HyperparameterOptions
{
    private const int WidestLayer = 8192, MostLayers = 16;

    /// <summary>The losses' names here, and in PyTorch.</summary>
    private static readonly Dictionary<string, LossFunction> Losses = new()
    {
        ["cross-entropy"] = LossFunction.CrossEntropy,
        ["nll"] = LossFunction.NegativeLogLikelihood,
        ["mse"] = LossFunction.SquaredError,
    };

    private static readonly Dictionary<string, OptimizerKind> Optimizers =
        Enum.GetValues<OptimizerKind>().ToDictionary(kind => $"{kind}".ToLowerInvariant());

    // Numbers are read here: the library's own parser reads 0,1 as 1, taking the comma for one between thousands.
    private static readonly Option<string?> LearningRate = new("--lr") { Description = "learning rate" };
    private static readonly Option<string?> BatchSize = new("--batch-size") { Description = "images in a batch" };
    private static readonly Option<string?> Optimizer = new("--optimizer") { Description = string.Join(", ", Optimizers.Keys) };
    private static readonly Option<string?> Momentum = new("--momentum") { Description = "of sgd and rmsprop" };
    private static readonly Option<string?> WeightDecay = new("--weight-decay") { Description = "weight decay λ" };
    private static readonly Option<string?> Dropout = new("--dropout") { Description = "probability of dropping a hidden activation" };
    private static readonly Option<string?> Hidden = new("--hidden") { Description = "widths of the hidden layers, as 128,64" };
    private static readonly Option<string?> Initialization = new("--init")
    {
        Description = $"initial weights: {string.Join(", ", Initializers.Names)}",
    };
    private static readonly Option<string?> Loss = new("--loss")
    {
        Description = $"{string.Join(", ", Losses.Keys)} (of the softmax)",
    };

    /// <summary>The names that an option takes, for a shell.</summary>
    public static string[] Values(string option) => option switch
    {
        "--optimizer" => [.. Optimizers.Keys],
        "--init" => [.. Initializers.Names],
        "--loss" => [.. Losses.Keys],
        _ => [],
    };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[]
            { LearningRate, BatchSize, Optimizer, Momentum, WeightDecay, Dropout, Hidden, Initialization, Loss })
            command.Add(option);
    }

    /// <summary>Throws BadInputException for a value that no lecture could take.</summary>
    public static Hyperparameters Read(ParseResult parsed) => new()
    {
        LearningRate = Number(parsed, LearningRate, "a number above 0", value => value > 0),
        BatchSize = parsed.GetValue(BatchSize) is { } size
            ? Whole(BatchSize, size, size, most: int.MaxValue, "a whole number of at least 1") : null,
        Optimizer = Named(parsed, Optimizer, Optimizers) is var (kind, _) ? kind : null,
        Momentum = Number(parsed, Momentum, "a number in 0 ≤ μ < 1", value => value is >= 0 and < 1),
        WeightDecay = Number(parsed, WeightDecay, "a number of at least 0", value => value >= 0),
        Dropout = Number(parsed, Dropout, "a number in 0 ≤ p < 1", value => value is >= 0 and < 1),
        Hidden = parsed.GetValue(Hidden) is { } hidden ? WidthsOf(hidden) : null,
        Initialization = parsed.GetValue(Initialization) is { } name ? InitializationOf(name) : null,
        Loss = Named(parsed, Loss, Losses) is var (loss, _) ? loss.Name : null,
    };

    private static double? Number(ParseResult parsed, Option<string?> option, string needs, Func<double, bool> allows)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        // Where float32 knows only 0 or ∞ of it, the training would know no more.
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && allows(value)
            && float.IsFinite((float)value) && (value == 0 || (float)value != 0))
            return value;
        throw new BadInputException($"{option.Name} {text}: needs {needs}");
    }

    private static int Whole(Option<string?> option, string text, string part, int most, string needs) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= most
            ? value
            : throw new BadInputException($"{option.Name} {text}: needs {needs}");

    private static int[] WidthsOf(string text)
    {
        string needs = $"1 to {MostLayers} widths from 1 to {WidestLayer}, as 128,64";
        int[] widths = [.. text.Split(',').Select(part => Whole(Hidden, text, part, WidestLayer, needs))];
        return widths.Length <= MostLayers ? widths : throw new BadInputException($"{Hidden.Name} {text}: needs {needs}");
    }

    private static string InitializationOf(string name)
    {
        try
        {
            Initializers.Named(name);
            return name;
        }
        catch (FormatException e)
        {
            throw new BadInputException($"{Initialization.Name} {name}: {e.Message}", e);
        }
    }

    private static (T Value, string Name)? Named<T>(ParseResult parsed, Option<string?> option, Dictionary<string, T> known) =>
        parsed.GetValue(option) is not { } name ? null
            : known.TryGetValue(name, out var value) ? (value, name)
            : throw new BadInputException($"{option.Name} {name}: needs one of {string.Join(", ", known.Keys)}");
}
