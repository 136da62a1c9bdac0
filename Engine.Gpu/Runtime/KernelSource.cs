using System.IO.Compression;
using System.Reflection;
using System.Text;

namespace NativeNN.Gpu.Runtime;

/// <summary>The embedded kernels: OpenCL C put together as Kernels/modules.txt says, and the PTX that build-ptx.sh made of the same text.</summary>
internal static class KernelSource
{
    private static readonly Assembly Owner = typeof(KernelSource).Assembly;
    private static readonly (string Suffix, int TransposeA, int TransposeB)[] Pairs = [("nn", 0, 0), ("nt", 0, 1), ("tn", 1, 0), ("tt", 1, 1)];

    /// <summary>Every module's name with its marks (! not for PTX, + only for sm_80) and its files.</summary>
    public static IReadOnlyDictionary<string, (string Marks, string[] Files)> Modules { get; } = ReadText("modules.txt")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Where(line => !line.StartsWith('#'))
        .Select(line => line.Split(':'))
        .ToDictionary(
            parts => parts[0].TrimEnd('!', '+'),
            parts => (parts[0][parts[0].TrimEnd('!', '+').Length..], parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>The OpenCL C text of a module, byte for byte what build-ptx.sh compiles.</summary>
    public static string OpenCl(string module)
    {
        var text = new StringBuilder();
        foreach (string file in Modules[module].Files)
            if (!file.StartsWith('*'))
                text.Append(ReadText(file + ".cl"));
            else
                foreach (var (suffix, transposeA, transposeB) in Pairs)
                    text.Append($"#define TRANSPOSE_A {transposeA}\n#define TRANSPOSE_B {transposeB}\n#define GEMM(name) name##_{suffix}\n")
                        .Append(ReadText(file[1..] + ".cl"))
                        .Append("#undef TRANSPOSE_A\n#undef TRANSPOSE_B\n#undef GEMM\n");
        return text.ToString();
    }

    /// <summary>The PTX of a module for "sm_60" or "sm_80".</summary>
    public static string Ptx(string target, string module)
    {
        using var compressed = Open($"Ptx/{target}/{module}.ptx.gz") ?? throw new GpuException($"There is no PTX of {module} for {target} in this build.");
        using var reader = new StreamReader(new GZipStream(compressed, CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    private static string ReadText(string name)
    {
        using var reader = new StreamReader(Open(name) ?? throw new GpuException($"There is no kernel file {name} in this build."));
        return reader.ReadToEnd();
    }

    private static Stream? Open(string name) => Owner.GetManifestResourceStream("Kernels/" + name);
}
