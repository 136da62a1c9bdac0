using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace NativeNN.Tests.Packages;

/// <summary>
/// The packages, made once from this repository into a folder of their own, under a version that no cache of packages has seen; and
/// fresh folders outside the repository in which <c>dotnet</c> finds them.
/// </summary>
public sealed class PackedProjects : IDisposable
{
    private static readonly TimeSpan LongestCommand = TimeSpan.FromMinutes(5);
    private readonly string work = Directory.CreateTempSubdirectory("nativenn-packages-").FullName;

    public PackedProjects()
    {
        Directory.CreateDirectory(Packages);
        // Installed packages go to a folder here; those that this machine has already are read where they lie.
        string installed = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Directory.CreateDirectory(installed);
        File.WriteAllText(Path.Combine(work, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(work, "installed")}" /></config>
              <fallbackPackageFolders><add key="this machine's" value="{installed}" /></fallbackPackageFolders>
              <packageSources><add key="NativeNN" value="{Packages}" /></packageSources>
            </configuration>
            """);
        foreach (string project in new[] { "Engine", "Engine.Gpu", "Experiments" })
            Dotnet(Root, "pack", project, "-c", "Release", "-o", Packages, $"-p:PackageVersion={Version}");
    }

    public string Version { get; } = $"1.0.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}";

    public string Packages => Path.Combine(work, "packages");

    /// <summary>The repository.</summary>
    public static string Root => Path.GetFullPath(Path.Combine(ThisFile(), "..", "..", "..", ".."));

    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(work, name)).FullName;

    /// <summary>Runs a command and returns what it printed. Fails the test with all of it unless it ended well.</summary>
    public static string Run(string folder, string program, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the test's own MSBuild left for its children would lead these to its folders.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(LongestCommand))
            process.Kill(entireProcessTree: true);
        string text = output.Result + error.Result;
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{text}");
        return text;
    }

    public static string Dotnet(string folder, params IReadOnlyList<string> arguments) => Run(folder, "dotnet", arguments);

    public void Dispose() => Directory.Delete(work, recursive: true);

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
