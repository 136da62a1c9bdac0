using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Tests.Gpu;

/// <summary>The embedded PTX was built from the kernels as they are now.</summary>
public sealed class PtxTests
{
    public static TheoryData<string, string> TargetsAndModules
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (module, (marks, _)) in KernelSource.Modules)
                foreach (string target in new[] { "sm_60", "sm_80" })
                    if (!marks.Contains('!') && (target == "sm_80" || !marks.Contains('+')))
                        data.Add(target, module);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(TargetsAndModules))]
    public void Names_the_source_it_was_built_from(string target, string module)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KernelSource.OpenCl(module))));
        string ptx = KernelSource.Ptx(target, module);
        Assert.True(ptx.StartsWith($"// NativeNN {module}.cl, sha256 {hash}\n", StringComparison.Ordinal),
            $"{module} has changed since its PTX was built: run Engine.Gpu/Kernels/build-ptx.sh");
        Assert.Contains($".target {target}", ptx);
    }

    [SkippableFact]
    public void Building_it_again_gives_the_same_bytes()
    {
        string? kernels = Kernels();
        Skip.If(kernels is null, "the kernels' folder is not beside the tests");
        string builtBy = File.ReadAllText(Path.Combine(kernels, "Ptx", "clang-version"));
        Skip.If(!OperatingSystem.IsLinux() || Run("sh", kernels, "build-ptx.sh", "--version") is not { } here || here != builtBy,
            $"needs the clang it was built with: {builtBy.Trim()}");
        var folder = Directory.CreateTempSubdirectory("nativenn-ptx");
        Assert.NotNull(Run("sh", kernels, "build-ptx.sh", folder.FullName));
        foreach (string file in Directory.GetFiles(Path.Combine(kernels, "Ptx"), "*.gz", SearchOption.AllDirectories))
        {
            string rebuilt = Path.Combine(folder.FullName, Path.GetRelativePath(Path.Combine(kernels, "Ptx"), file));
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(rebuilt));
        }
        folder.Delete(recursive: true);
    }

    private static string? Kernels()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "Engine.Gpu", "Kernels")))
                return Path.Combine(folder.FullName, "Engine.Gpu", "Kernels");
        return null;
    }

    private static string? Run(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : null;
    }
}
