using System.Text.RegularExpressions;

namespace NativeNN.Tests;

/// <summary>What the READMEs point to is there: files, tests, pictures.</summary>
public partial class ReadmeTests
{
    private static string Root
    {
        get
        {
            string root = SourceFiles.Root();
            Skip.IfNot(File.Exists(Path.Combine(root, "README.md")),
                "README.md is not beside the tests: only the built assemblies are here");
            return root;
        }
    }

    [SkippableFact]
    public void WhereIsTheTableNamesFilesAndTestsThatExist()
    {
        string text = File.ReadAllText(Path.Combine(Root, "README.md"));
        var rows = text[text.IndexOf("## Where is", StringComparison.Ordinal)..].Split("\n\n")[1].Split('\n')
            .Skip(2).Select(line => line.Split(" | ")).ToList();
        Assert.True(rows.Count > 30);
        Assert.All(rows, row => Assert.Equal(3, row.Length));
        Assert.Empty(rows.SelectMany(row => Missing(row[1], Root)));
        Assert.Empty(rows.SelectMany(row => Missing(row[2], Path.Combine(Root, "Tests"))));
    }

    [SkippableFact]
    public void WhatTheReadmesLinkToExists()
    {
        string[] readmes = [.. Directory.GetFiles(Root, "README.md", SearchOption.AllDirectories)
            .Where(f => !Regex.IsMatch(f[Root.Length..], @"[\\/](bin|obj|\.git)[\\/]"))];
        Assert.Contains(Path.Combine(Root, "Experiments", "Gallery", "README.md"), readmes);
        var links = (from readme in readmes
                     from Match link in Link().Matches(File.ReadAllText(readme))
                     let target = link.Groups[1].Value
                     where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#')
                     select (Readme: readme, Target: Path.Combine(Path.GetDirectoryName(readme)!, target.Split('#')[0]))).ToList();
        Assert.True(links.Count > 20);
        Assert.DoesNotContain(links, link => !Path.Exists(link.Target));
    }

    [SkippableFact]
    public void PicturesOfTheGalleryAreSmall()
    {
        var pictures = new DirectoryInfo(Path.Combine(Root, "Experiments", "Gallery")).GetFiles("*.png");
        Assert.Equal(6, pictures.Length);
        Assert.All(pictures, picture => Assert.InRange(picture.Length, 10_000, 150_000));
    }

    // Of `a/b/c.cs`, `d.cs`: a name without a folder lies in the folder of the one before it.
    private static IEnumerable<string> Missing(string cell, string root)
    {
        string folder = root;
        foreach (Match code in Code().Matches(cell))
        {
            string name = code.Groups[1].Value;
            string[] places = [Path.Combine(root, name), Path.Combine(folder, name)];
            string? found = places.SelectMany(p => new[] { p, p + ".cs" }).FirstOrDefault(Path.Exists);
            if (found is null)
                yield return name;
            else
                folder = Directory.Exists(found) ? found : Path.GetDirectoryName(found)!;
        }
    }

    // Paths and names of test classes: no commands, no code.
    [GeneratedRegex(@"`((?:[A-Z][\w.]*/)+[\w.]*|[A-Z]\w*\.cs|[A-Z]\w*Tests)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?:\]\(|src="")([^)""\s]+)[)""]")]
    private static partial Regex Link();
}
