using System.Diagnostics;
using System.Text.RegularExpressions;

namespace NativeNN.Tests.Samples;

/// <summary>Follows Engine/Ops/README.md step by step in a copy of the engine, and checks the op that comes of it.</summary>
public sealed partial class AddAnOpTests : IDisposable
{
    // As a user: the op by its public method, its cases from the table; with a kernel, bit by bit beside the reference loop.
    private const string Check = """
        using NativeNN;
        using NativeNN.Backends.Reference;
        using NativeNN.Random;

        var x = Tensor.From(-2, -0.5f, 0, 1, 3).WithGrad();
        Console.WriteLine($"made by {x.Swish(1.7f).Op!.Name}");
        foreach (var one in OpCase.All.Where(c => c.Name.StartsWith("Swish")))
        {
            var generator = new Generator(7);
            var slopes = GradCheck.Run(one.Build, one.MakeInputs(generator, Tensor.DefaultBackend), generator);
            string? difference = one.Difference(ReferenceBackend.Instance, Tensor.DefaultBackend);
            bool bits = Values(one, ReferenceBackend.Instance).SequenceEqual(Values(one, Tensor.DefaultBackend));
            Console.WriteLine($"{one}: slopes {slopes.Passed}, backends {difference is null}, bits {bits}");
        }

        static float[] Values(OpCase one, NativeNN.Backends.Backend backend) =>
            one.Build(one.MakeInputs(new Generator(8), backend)).ToArray();
        """;

    private static readonly string[] Right =
        ["Swish: slopes True, backends True, bits True", "Swish, β 1.7: slopes True, backends True, bits True"];

    private readonly string folder = Directory.CreateTempSubdirectory("add-an-op-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void BothWaysBuildAndHaveTheMeasuredSlopes()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "Engine", "Ops", "README.md"));
        string[] parts = page.Split("\n## ");
        Assert.Equal(3, parts.Length);
        CopyEngine();

        Assert.Equal(2, Follow(parts[1]));
        Assert.Equal(["made by Mul", .. Right], BuildAndCheck());
        Assert.Equal(4, Follow(parts[2]));
        Assert.Equal(["made by Swish", .. Right], BuildAndCheck());
    }

    // Makes every change of that part; returns how many files it touched.
    private int Follow(string part)
    {
        var touched = new HashSet<string>();
        foreach (Match step in Step().Matches(part))
        {
            string file = Path.Combine(folder, step.Groups["file"].Value), how = step.Groups["how"].Value;
            string anchor = step.Groups["anchor"].Value, code = step.Groups["code"].Value;
            touched.Add(file);
            Assert.Equal(how != "new", File.Exists(file));
            if (how is "new" or "instead")
            {
                File.WriteAllText(file, code);
                continue;
            }
            var lines = File.ReadAllLines(file).ToList();
            int at = lines.FindIndex(line => line.Contains(anchor, StringComparison.Ordinal));
            int last = lines.FindLastIndex(line => line.Contains(anchor, StringComparison.Ordinal));
            Assert.True(at >= 0 && at == last, $"'{anchor}' is not on exactly one line of {file}");
            if (how == "in place of")
                lines.RemoveAt(at);
            lines.Insert(how == "after" ? at + 1 : at, code.TrimEnd('\n'));
            File.WriteAllLines(file, lines);
        }
        Assert.Equal(part.Split("```csharp").Length - 1, Step().Count(part)); // no block is left out
        return touched.Count;
    }

    private void CopyEngine()
    {
        foreach (string name in Directory.GetFiles(Repository.Root, "Directory.*").Append(Path.Combine(Repository.Root, "global.json")))
            File.Copy(name, Path.Combine(folder, Path.GetFileName(name)));
        string engine = Path.Combine(Repository.Root, "Engine");
        foreach (string file in Directory.GetFiles(engine, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(Repository.Root, file);
            if (name.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.Copy(file, Path.Combine(folder, name));
        }
        Directory.CreateDirectory(Path.Combine(folder, "Check"));
        File.WriteAllText(Path.Combine(folder, "Check", "Program.cs"), Check);
        File.WriteAllText(Path.Combine(folder, "Check", "Check.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../Engine/Engine.csproj" />
              </ItemGroup>
            </Project>
            """);
    }

    private string[] BuildAndCheck()
    {
        Run("build", "-c", "Release", "Check", "-p:RunAnalyzers=false", "-nodeReuse:false");
        return Run(Path.Combine("Check", "bin", "Release", "net10.0", "NativeNN.Check.dll")).TrimEnd().Split('\n');
    }

    private string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}:\n{output}");
        return output.ReplaceLineEndings("\n");
    }

    // `file`, new:  or  `file`, after `a part of a line`:  and then the code
    [GeneratedRegex("""
        `(?<file>[^`\n]+)`, (?<how>new|instead|after|before|in place of)(?: `(?<anchor>[^`\n]+)`)?:\n\n```csharp\n(?<code>.*?)```
        """, RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Step();
}
