using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace NativeNN.Bench;

/// <summary>
/// Runs Bench/Peers/LibTorch, a program that measures LibTorch and the engine in turn. It is built when it is first asked for, as its
/// packages are a download of 130 MB that nothing else needs.
/// </summary>
internal static class LibTorchPeer
{
    /// <summary>
    /// The rows of that program's command for so many threads: own figures, LibTorch's, and their ratio. None, and the reason on stderr,
    /// where it cannot run.
    /// </summary>
    public static IReadOnlyList<Dictionary<string, object>> Rows(string command, int threads, string? lecture = null)
    {
        if (Project() is not { } project)
            return Missing("its project, Bench/Peers/LibTorch, is not above this program's folder");
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return Missing($"its packages hold LibTorch for Linux on x86-64, and this is {RuntimeInformation.RuntimeIdentifier}");
        string file = Path.GetTempFileName();
        try
        {
            Console.Error.WriteLine("LibTorch: building and running Bench/Peers/LibTorch (the first time, a download of 130 MB)");
            string[] only = lecture is null ? [] : [lecture];
            using var process = Process.Start(new ProcessStartInfo("dotnet",
                ["run", "-c", "Release", "--project", project, "--", command, $"{threads}", file, .. only])
            {
                RedirectStandardOutput = true,
            })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                return Missing($"its program ended with exit code {process.ExitCode}: {output.Trim()}");
            return JsonSerializer.Deserialize<List<Dictionary<string, JsonElement>>>(File.ReadAllText(file))!
                .Select(row => row.ToDictionary(cell => cell.Key, cell => Value(cell.Value))).ToList();
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IReadOnlyList<Dictionary<string, object>> Missing(string reason)
    {
        Console.Error.WriteLine($"LibTorch is not measured: {reason}");
        return [];
    }

    // The program lies in Bench/bin/Release/net10.0.
    private static string? Project()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "Peers", "LibTorch") is var project && File.Exists(Path.Combine(project, "LibTorch.csproj")))
                return project;
        return null;
    }

    private static object Value(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Number => cell.GetDouble(),
        JsonValueKind.True or JsonValueKind.False => cell.GetBoolean(),
        _ => cell.GetString()!,
    };
}
