using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace NativeNN.Tests;

/// <summary>The project's own source, for tests that read it; where only the built assemblies are, those tests skip.</summary>
internal static partial class SourceFiles
{
    /// <summary>Name: path from the repository's root, with slashes. Code: the text without comments, strings and characters.</summary>
    public sealed record SourceFile(string Name, string Text)
    {
        public string Code => WithoutCommentsAndStrings(Text);

        /// <summary>The folder of the file, from the repository's root.</summary>
        public string Folder => Name[..Name.LastIndexOf('/')];
    }

    /// <summary>All .cs files below those folders of the repository.</summary>
    public static IReadOnlyList<SourceFile> Of(params IReadOnlyList<string> folders)
    {
        string root = Root();
        var files = new List<SourceFile>();
        foreach (string folder in folders)
        {
            string path = Path.Combine(root, folder);
            Skip.IfNot(Directory.Exists(path), $"the source folder {folder} is not beside the tests: only the built assemblies are here");
            files.AddRange(Directory.GetFiles(path, "*.cs", SearchOption.AllDirectories)
                .Select(file => (Path: file, Name: Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/')))
                .Where(f => !f.Name.Split('/').Any(part => part is "bin" or "obj"))
                .Select(f => new SourceFile(f.Name, File.ReadAllText(f.Path))));
        }
        Assert.NotEmpty(files);
        return files;
    }

    public static string WithoutCommentsAndStrings(string code) => CommentOrString().Replace(code, " ");

    public static string Root() => Path.GetDirectoryName(Path.GetDirectoryName(ThisFile()))!;

    private static string ThisFile([CallerFilePath] string file = "") => file;

    // Comments, strings (their interpolated parts too: one regular expression cannot parse them) and characters.
    [GeneratedRegex("""(?s)//[^\n]*|/\*.*?\*/|\"{3,}.*?\"{3,}|@\"(?:[^\"]|\"\")*\"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'""")]
    private static partial Regex CommentOrString();
}
