using System.Runtime.CompilerServices;

namespace NativeNN.Tests.Samples;

/// <summary>The source that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = RootAbove();

    private static string RootAbove([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
