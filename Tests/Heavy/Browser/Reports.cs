using NativeNN.Experiments.Cli;
using NativeNN.Experiments.Lectures;

namespace NativeNN.Tests.Browser;

/// <summary>The pages that a short tour of all lectures leaves.</summary>
public sealed class Reports : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("nativenn-pages-").FullName;

    public Reports()
    {
        string fast = Path.Combine(folder, "fast");
        string[][] commands =
        [
            ["all", "--quick", "--format", "png", "--out", folder],
            ["weight-changes", "--quick", "--format", "none", "--lr", "0.1", "--hidden", "40,20", "--out", fast],
            ["compare-runs", Path.Combine(folder, "weight-changes"), Path.Combine(fast, "weight-changes"), "--out", folder],
        ];
        Assert.All(commands, command => Assert.Equal(0, CommandLineProgram.Run(command)));
    }

    /// <summary>Every page: the one of all lectures, each lecture's own, and that of two runs.</summary>
    public static IReadOnlyList<string> All => [.. Course.Lectures.Select(lecture => lecture.Name).Prepend("index").Append("compare-runs")];

    /// <summary>The address of a page.</summary>
    public string Address(string name) => new Uri(File(name)).AbsoluteUri;

    public string File(string name) => name switch
    {
        "index" => Path.Combine(folder, "index.html"),
        "compare-runs" => Path.Combine(folder, name, "index.html"),
        _ => Path.Combine(folder, name, "report.html"),
    };

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
