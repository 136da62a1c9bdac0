using NativeNN.Experiments.Plotting;

namespace NativeNN.Experiments.Lectures;

/// <summary>How claims and results list numbers.</summary>
internal static class Wording
{
    /// <summary>"1 epoch", "2 epochs"</summary>
    public static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";

    /// <summary>"0, 1 and 2"</summary>
    public static string And(IEnumerable<string> words) => words.ToArray() switch
    {
        [.. var some, var last] when some.Length > 0 => $"{string.Join(", ", some)} and {last}",
        var one => string.Concat(one),
    };

    /// <summary>"0.5, 0.25"</summary>
    public static string List(IEnumerable<double> values, string format) =>
        string.Join(", ", values.Select(v => Notation.Minus(v.ToString(format))));

    /// <summary>The same with so many significant digits: "6.1 × 10⁸, 0.25".</summary>
    public static string List(IEnumerable<double> values, int digits) => string.Join(", ", values.Select(v => Notation.Short(v, digits)));

    /// <summary>"fc1 0.5, fc2 0.25"</summary>
    public static string Pairs(IEnumerable<string> names, IEnumerable<double> values, string format) =>
        string.Join(", ", names.Zip(values, (name, value) => $"{name} {Notation.Minus(value.ToString(format))}"));

    public static string Pairs(IEnumerable<string> names, IEnumerable<double> values, int digits) =>
        string.Join(", ", names.Zip(values, (name, value) => $"{name} {Notation.Short(value, digits)}"));
}
