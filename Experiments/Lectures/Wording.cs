namespace NativeNN.Experiments.Lectures;

/// <summary>How claims and results list numbers.</summary>
internal static class Wording
{
    /// <summary>"0.5, 0.25"</summary>
    public static string List(IEnumerable<double> values, string format) => string.Join(", ", values.Select(v => v.ToString(format)));

    /// <summary>"fc1 0.5, fc2 0.25"</summary>
    public static string Pairs(IEnumerable<string> names, IEnumerable<double> values, string format) =>
        string.Join(", ", names.Zip(values, (name, value) => $"{name} {value.ToString(format)}"));
}
