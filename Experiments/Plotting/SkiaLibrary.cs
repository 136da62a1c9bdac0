using System.Runtime.InteropServices;
using NativeNN.Data;
using SkiaSharp;

namespace NativeNN.Experiments.Plotting;

/// <summary>SkiaSharp's native library, which draws every figure.</summary>
internal static class SkiaLibrary
{
    /// <summary>Loads it, if that has not happened.</summary>
    /// <exception cref="BadInputException">It is missing, broken, or of another version; the message names the package.</exception>
    public static void Load()
    {
        try
        {
            SkiaSharpVersion.CheckNativeLibraryCompatible(throwIfIncompatible: true);
        }
        catch (Exception e) when (Root(e)
            is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or InvalidOperationException)
        {
            string package = OperatingSystem.IsWindows() ? "SkiaSharp.NativeAssets.Win32"
                : OperatingSystem.IsMacOS() ? "SkiaSharp.NativeAssets.macOS"
                : "SkiaSharp.NativeAssets.Linux.NoDependencies";
            string reason = Root(e).Message.Split(". ")[0].TrimEnd('.');
            throw new BadInputException(
                $"figures need the native library libSkiaSharp for {RuntimeInformation.RuntimeIdentifier}, which did not load ({reason}); "
                + $"restore the package {package} and build again, or run with --format none", e);
        }
    }

    // The library is first called from a static constructor.
    private static Exception Root(Exception e) => e is TypeInitializationException { InnerException: { } inner } ? Root(inner) : e;
}
