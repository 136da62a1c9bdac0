using System.CommandLine;
using System.Globalization;
using NativeNN.Data;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Cli;

/// <summary>
/// The options of init-variance alone: which points of the sweep this process trains, and drawing what several processes trained.
/// </summary>
internal static class SweepOptions
{
    private static readonly Option<string?> Points = new("--points")
    {
        Description = "points of the sweep, 0..24 or 0,3,10..12 (default: all)",
    };
    private static readonly Option<string?> Sigmas = new("--sigmas")
    {
        Description = "standard deviations instead of the lecture's 25: 0.01,0.1",
    };
    private static readonly Option<string?> Shard = new("--shard")
    {
        Description = "K/N: train every N-th training from number K on (K in 0..N-1), draw nothing",
    };
    private static readonly Option<bool> Merge = new("--merge") { Description = "train nothing, draw from whatever points lie in --out" };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { Points, Sigmas, Shard, Merge })
            command.Add(option);
    }

    /// <summary>Adds them to the options. Throws BadInputException where they make no sense.</summary>
    public static RunOptions Read(ParseResult parsed, RunOptions options)
    {
        var (points, sigmas) = (parsed.GetValue(Points), parsed.GetValue(Sigmas));
        var (shard, merge) = (parsed.GetValue(Shard), parsed.GetValue(Merge));
        if (points is not null && sigmas is not null)
            throw new BadInputException("--points and --sigmas: give one of them; points count the lecture's own 25, sigmas replace them");
        if (merge && (points ?? sigmas ?? shard) is not null)
            throw new BadInputException("--merge draws every point in --out and trains none; leave --points, --sigmas and --shard out");
        return options with
        {
            Points = points is null ? null : ParsePoints(points),
            Sigmas = sigmas is null ? null : ParseSigmas(sigmas),
            Shard = shard is null ? null : ParseShard(shard),
            Merge = merge,
        };
    }

    internal static int[] ParsePoints(string text)
    {
        int last = InitVariance.Points - 1;
        var points = new SortedSet<int>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split("..");
            if (ends.Length > 2 || !Whole(ends[0], out int from) || !Whole(ends[^1], out int to) || from > to || to > last)
                throw new BadInputException($"--points {text}: '{part}' is not a point or a range of points; "
                    + $"needs whole numbers in 0..{last}, as 0..{last} or 0,3,10..12");
            points.UnionWith(Enumerable.Range(from, to - from + 1));
        }
        return [.. points];
    }

    internal static double[] ParseSigmas(string text)
    {
        var sigmas = new SortedSet<double>();
        foreach (string part in text.Split(','))
        {
            // σ ends up in a float32 product
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double sigma)
                || !((float)sigma > 0 && float.IsFinite((float)sigma)))
                throw new BadInputException($"--sigmas {text}: '{part}' is not a standard deviation; "
                    + "needs positive numbers in float32's range, as 0.01,0.1");
            sigmas.Add(sigma);
        }
        return [.. sigmas];
    }

    internal static (int Index, int Count) ParseShard(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length != 2 || !Whole(parts[0], out int index) || !Whole(parts[1], out int count) || index >= count)
            throw new BadInputException($"--shard {text}: needs K/N with whole numbers and K in 0..N-1, as 0/4");
        return (index, count);
    }

    private static bool Whole(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
