using System.Diagnostics;
using NativeNN.Tests.Cli;

namespace NativeNN.Tests.Plotting;

/// <summary>The program without SkiaSharp's native library, in a process of its own.</summary>
public sealed class SkiaLibraryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TemporaryFolder data = new();

    public SkiaLibraryTests()
    {
        SmallData.Folder(data);
        // Without the list of dependencies the runtime looks beside the program only, where no native library is.
        string program = Path.Combine(AppContext.BaseDirectory, "NativeNN.Experiments.runtimeconfig.json");
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Append(program))
            File.Copy(file, folder.File(Path.GetFileName(file)));
    }

    public void Dispose()
    {
        folder.Dispose();
        data.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WithoutItOneLineNamesThePackageBeforeAnythingIsTrained(bool broken)
    {
        if (broken)
            folder.Write("libSkiaSharp.so", [1, 2, 3]);
        var (exitCode, error) = Run("weight-histograms", "--epochs", "1");
        Assert.Equal(2, exitCode);
        string line = Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("error: figures need the native library libSkiaSharp", line);
        Assert.Contains("SkiaSharp.NativeAssets", line);
        Assert.Contains("--format none", line);
        Assert.False(Directory.Exists(folder.File("out")));
    }

    [Fact]
    public void WithoutFiguresALectureRunsWithoutIt()
    {
        var (exitCode, error) = Run("weight-histograms", "--epochs", "1", "--format", "none");
        Assert.Equal((0, ""), (exitCode, error));
        string results = Path.Combine(folder.File("out"), "weight-histograms");
        Assert.True(File.Exists(Path.Combine(results, "metrics.json")));
        Assert.DoesNotContain("<img", File.ReadAllText(Path.Combine(results, "report.html")));
        Assert.False(Directory.Exists(Path.Combine(results, "figures")));
    }

    private (int ExitCode, string Error) Run(params string[] arguments)
    {
        string[] all = [folder.File("NativeNN.Experiments.dll"), .. arguments, "--out", folder.File("out"), "--data", data.Path];
        var start = new ProcessStartInfo("dotnet", all) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        output.Wait();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
