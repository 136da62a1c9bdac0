using NativeNN.Experiments.Cli;
using NativeNN.Experiments.Lectures;

namespace NativeNN.Tests.Browser;

/// <summary>The pages that a short tour of all lectures leaves.</summary>
public sealed class Reports : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("nativenn-pages-").FullName;

    public Reports() => Assert.Equal(0, CommandLineProgram.Run(["all", "--quick", "--format", "png", "--out", folder]));

    /// <summary>Every page: the one of all lectures, and each lecture's own.</summary>
    public static IReadOnlyList<string> All => [.. Course.Lectures.Select(lecture => lecture.Name).Prepend("index")];

    /// <summary>The address of a page.</summary>
    public string Address(string name) => new Uri(File(name)).AbsoluteUri;

    public string File(string name) => name == "index" ? Path.Combine(folder, "index.html") : Path.Combine(folder, name, "report.html");

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
