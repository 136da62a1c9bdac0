using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NativeNN.Tests.Packages;

/// <summary>What dotnet pack makes: what is in it, and that a user's project and shell can use it.</summary>
public sealed partial class PackageTests(PackedProjects packed) : IClassFixture<PackedProjects>
{
    private static readonly string[] Platforms = ["linux-x64", "linux-arm64", "osx", "win-x64", "win-arm64"];

    [Theory]
    [InlineData("NativeNN.Engine", "NativeNN.Engine", "MathNet.Numerics,System.Numerics.Tensors")]
    [InlineData("NativeNN.Engine.Gpu", "NativeNN.Engine.Gpu", "ILGPU,ILGPU.Algorithms,NativeNN.Engine")]
    public void ALibraryHasReadmeLicenceDocsAndSymbols(string package, string assembly, string dependencies)
    {
        using var content = Open(package, "nupkg");
        string[] names = Names(content);
        Assert.Contains("README.md", names);
        Assert.Contains($"lib/net10.0/{assembly}.dll", names);
        Assert.Contains($"lib/net10.0/{assembly}.xml", names);
        var nuspec = XDocument.Load(content.GetEntry($"{package}.nuspec")!.Open());
        string Value(string element) => nuspec.Descendants().Single(e => e.Name.LocalName == element).Value;
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.NotEqual("Package Description", Value("description"));
        Assert.Equal(dependencies.Split(','), nuspec.Descendants().Where(e => e.Name.LocalName == "dependency")
            .Select(e => e.Attribute("id")!.Value).Order(StringComparer.Ordinal));

        using var symbols = Open(package, "snupkg");
        var debug = symbols.GetEntry($"lib/net10.0/{assembly}.pdb");
        Assert.NotNull(debug);
        // Names of source files are the same wherever it was built.
        string paths = Encoding.UTF8.GetString(Bytes(debug));
        Assert.DoesNotContain(PackedProjects.Root, paths);
        Assert.DoesNotContain(PackedProjects.Root, Encoding.UTF8.GetString(Bytes(content.GetEntry($"lib/net10.0/{assembly}.dll")!)));
    }

    [Fact]
    public void TheToolCarriesDataScriptsAndTheNativesOfEveryPlatform()
    {
        using var content = Open("nativenn", "nupkg");
        string[] names = Names(content);
        string Tool(string file) => $"tools/net10.0/any/{file}";
        foreach (string file in new[] { "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz", "README.md" })
            Assert.Contains(Tool($"Data/mnist/{file}"), names);
        foreach (string script in Directory.GetFiles(Path.Combine(PackedProjects.Root, "Experiments", "pytorch"), "*.py"))
            Assert.Contains(Tool($"pytorch/{Path.GetFileName(script)}"), names);
        foreach (string platform in Platforms)
            Assert.Contains(names, name => name.StartsWith(Tool($"runtimes/{platform}/native/libSkiaSharp."), StringComparison.Ordinal));
        Assert.Single(names, name => name.EndsWith("/train-images-idx3-ubyte.gz", StringComparison.Ordinal)); // once: it is large
        Assert.DoesNotContain(names, name => name.EndsWith(".pdb", StringComparison.Ordinal) && name.Contains("/native/"));
    }

    [SkippableFact]
    public void WithARemoteThePackageNamesItAndSourceLinkFindsTheFilesThere()
    {
        Skip.IfNot(Path.Exists(Path.Combine(PackedProjects.Root, ".git")), "the sources are no clone here");
        string clone = packed.NewFolder("clone"), remote = "https://github.com/example/nativenn";
        PackedProjects.Run(clone, "git", "clone", "--quiet", PackedProjects.Root, clone);
        PackedProjects.Run(clone, "git", "remote", "set-url", "origin", remote + ".git");
        string commit = PackedProjects.Run(clone, "git", "rev-parse", "HEAD").Trim();
        PackedProjects.Dotnet(clone, "pack", "Engine", "-c", "Release", "-o", clone, $"-p:PackageVersion={packed.Version}");

        using var package = ZipFile.OpenRead(Path.Combine(clone, $"NativeNN.Engine.{packed.Version}.nupkg"));
        var repository = XDocument.Load(package.GetEntry("NativeNN.Engine.nuspec")!.Open()).Descendants()
            .Single(e => e.Name.LocalName == "repository");
        Assert.Equal((remote + ".git", commit), (repository.Attribute("url")!.Value, repository.Attribute("commit")!.Value));
        using var symbols = ZipFile.OpenRead(Path.Combine(clone, $"NativeNN.Engine.{packed.Version}.snupkg"));
        Assert.Contains($"\"/_/*\":\"https://raw.githubusercontent.com/example/nativenn/{commit}/*\"",
            Encoding.UTF8.GetString(Bytes(symbols.GetEntry("lib/net10.0/NativeNN.Engine.pdb")!)));
    }

    // README's program, word for word, in a project that has nothing but the package.
    [Fact]
    public void ReadmesProgramTrains()
    {
        string program = ProgramOf("README.md");
        Assert.Contains(program, File.ReadAllText(Path.Combine(PackedProjects.Root, "Engine", "README.md")));
        string folder = NewProject("digits", program, "NativeNN.Engine");
        string source = Path.Combine(PackedProjects.Root, "Experiments", "Data", "mnist"), data = Path.Combine(folder, "mnist");
        Directory.CreateDirectory(data);
        foreach (string file in Directory.GetFiles(source, "*.gz"))
            File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        string printed = PackedProjects.Dotnet(folder, "run", "-c", "Release");
        var accuracy = Accuracy().Match(printed);
        Assert.True(accuracy.Success, printed);
        Assert.InRange(double.Parse(accuracy.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), 80, 100);
    }

    [Fact]
    public void TheGpuPackageComputesOnIlgpusOwnCpuDevice()
    {
        const string Program = """
            using NativeNN;
            using NativeNN.Backends.Simd;
            using NativeNN.Gpu;

            var device = GpuDevices.Open("ilgpu-cpu", SimdBackend.Default, _ => { });
            var x = Tensor.From([1, 2, 3, 4], (2, 2), device);
            Console.WriteLine("sum " + (x * x).Sum().Item());
            """;
        Assert.Contains("sum 30", PackedProjects.Dotnet(NewProject("gpu", Program, "NativeNN.Engine.Gpu"), "run", "-c", "Release"));
    }

    [Fact]
    public void TheToolRunsALecture()
    {
        string folder = packed.NewFolder("tool");
        PackedProjects.Dotnet(folder, "tool", "install", "nativenn", "--tool-path", folder, "--version", packed.Version);
        string tool = Path.Combine(folder, RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "nativenn.exe" : "nativenn");
        Assert.Contains("weight-init", PackedProjects.Run(folder, tool, "list"));
        PackedProjects.Run(folder, tool, "weight-changes", "--epochs", "1", "--out", "results");
        string results = Path.Combine(folder, "results", "weight-changes");
        Assert.Contains("\"command\": \"nativenn weight-changes --epochs 1 ", File.ReadAllText(Path.Combine(results, "metrics.json")));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(results, "figures"), "*.png"));
    }

    private string NewProject(string name, string program, string package)
    {
        string folder = packed.NewFolder(name);
        PackedProjects.Dotnet(folder, "new", "console", "--no-restore");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        PackedProjects.Dotnet(folder, "add", "package", package, "--version", packed.Version);
        return folder;
    }

    // The first block of C# in a file of the repository.
    private static string ProgramOf(string file) =>
        CSharp().Match(File.ReadAllText(Path.Combine(PackedProjects.Root, file)).ReplaceLineEndings("\n")).Groups[1].Value;

    private ZipArchive Open(string package, string ending) =>
        ZipFile.OpenRead(Path.Combine(packed.Packages, $"{package}.{packed.Version}.{ending}"));

    private static string[] Names(ZipArchive archive) => [.. archive.Entries.Select(e => Uri.UnescapeDataString(e.FullName))];

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        byte[] bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();

    [GeneratedRegex(@"([\d.]+)% of the test images")]
    private static partial Regex Accuracy();
}
