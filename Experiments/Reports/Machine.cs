using System.Reflection;
using System.Runtime.InteropServices;
using NativeNN.Backends.Simd;

namespace NativeNN.Experiments.Reports;

/// <summary>What a program runs on.</summary>
public static class Machine
{
    /// <summary>This program's version, with the commit where it was built from a repository.</summary>
    public static string Version { get; } =
        typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The CPU's name, as the system tells it.</summary>
    public static string Cpu { get; } = CpuName();

    /// <summary>What a report says of it, name by name.</summary>
    public static IEnumerable<(string Name, string Value)> Lines(LectureReport report) =>
    [
        ("NativeNN", Version),
        (".NET", $"{Environment.Version} on {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"),
        ("CPU", $"{Cpu}, {Environment.ProcessorCount} cores, {32 * SimdBackend.Default.LaneCount}-bit vectors"),
        ("Device", $"{report.Device}, {report.Threads} CPU threads"),
        ("Seed", $"{report.Seed}"),
    ];

    private static string CpuName()
    {
        const string info = "/proc/cpuinfo";
        if (File.Exists(info) && File.ReadLines(info)
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line)
            return line[(line.IndexOf(':') + 1)..].Trim();
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown CPU";
    }
}
