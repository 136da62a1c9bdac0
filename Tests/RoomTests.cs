using System.Text.RegularExpressions;

namespace NativeNN.Tests;

/// <summary>
/// The rooms of the house are its namespaces, one for a folder or for folders that are one thing (Tensor, Ops, Autograd and Init are the
/// core). Who knows whom is read from the source: usings (the build refuses needless ones), names with a namespace in front, and, as an
/// enclosing namespace needs no using, the names of its types.
/// </summary>
public partial class RoomTests
{
    private static readonly string[] Projects = ["Engine", "Engine.Gpu", "Experiments", "Bench"];

    [SkippableFact]
    public void NoRoomKnowsARoomThatKnowsIt()
    {
        var known = Knowledge();
        Assert.Contains("NativeNN.Backends", known["NativeNN"]); // the scan sees usings
        Assert.Contains("NativeNN", known["NativeNN.Optim"]);    // and the enclosing namespace's types
        var reached = new Dictionary<string, HashSet<string>>();
        foreach (string room in known.Keys)
        {
            var (seen, pending) = (new HashSet<string>(), new Stack<string>(known[room]));
            while (pending.TryPop(out string? next))
                if (seen.Add(next))
                    foreach (string further in known.GetValueOrDefault(next, []))
                        pending.Push(further);
            reached.Add(room, seen);
        }
        Assert.Empty(reached.Where(r => r.Value.Contains(r.Key)).Select(r => r.Key));
    }

    // A room of Experiments and all it may know of the others there.
    [SkippableTheory]
    [InlineData("Cli", "Lectures", "Compare", "Study", "Running", "Reports", "Plotting")]
    [InlineData("Lectures", "Running", "Reports", "Plotting")]
    [InlineData("Compare", "Running", "Plotting")]
    [InlineData("Study", "Running", "Reports", "Plotting")]
    [InlineData("Running", "Reports", "Plotting")]
    [InlineData("Reports")]
    [InlineData("Plotting")]
    public void ExperimentsLooksDownwardsOnly(string room, params string[] below)
    {
        const string Experiments = "NativeNN.Experiments.";
        var others = Knowledge()[Experiments + room].Where(k => k.StartsWith(Experiments, StringComparison.Ordinal));
        Assert.Empty(others.Select(k => k[Experiments.Length..]).Except(below));
    }

    [SkippableFact]
    public void NoLectureKnowsAnother()
    {
        var folders = SourceFiles.Of("Experiments/Lectures").GroupBy(f => f.Folder).Where(g => g.Key != "Experiments/Lectures").ToList();
        Assert.Equal(5, folders.Count);
        var found = from folder in folders
                    from type in folder.SelectMany(f => Declarations(NestedLine().Replace(f.Code, "")))
                    from other in folders.Where(o => o.Key != folder.Key).SelectMany(o => o)
                    where Regex.IsMatch(other.Code, $@"(?<![\w.]){type}\b")
                    select $"{other.Name} knows {type}";
        Assert.Empty(found);
    }

    [SkippableFact]
    public void LinesHaveAtMost140Characters()
    {
        var found = from file in SourceFiles.Of([.. Projects, "Tests"])
                    from line in file.Text.Split('\n').Select((text, i) => (Text: text, Number: i + 1))
                    where line.Text.Length > 140
                    select $"{file.Name}:{line.Number} has {line.Text.Length}";
        Assert.Empty(found);
    }

    [SkippableFact]
    public void NullIsAskedForInOneWay() =>
        Assert.Empty(SourceFiles.Of([.. Projects, "Tests"]).Where(f => Regex.IsMatch(f.Code, @"[!=]= null\b")).Select(f => f.Name));

    // For each namespace the namespaces of ours that its files name.
    private static Dictionary<string, HashSet<string>> Knowledge()
    {
        var files = SourceFiles.Of(Projects).Where(f => NamespaceOf().IsMatch(f.Text))
            .Select(f => (Room: NamespaceOf().Match(f.Text).Groups[1].Value, f.Code)).ToList();
        var types = files.GroupBy(f => f.Room).ToDictionary(g => g.Key, g => g.SelectMany(f => Declarations(f.Code)).ToHashSet());
        var known = types.Keys.ToDictionary(room => room, _ => new HashSet<string>());
        foreach (var (room, code) in files)
        {
            known[room].UnionWith(Using().Matches(code).Select(m => m.Groups[1].Value)
                .Select(name => types.Keys.Where(k => name == k || name.StartsWith(k + '.', StringComparison.Ordinal)).MaxBy(k => k.Length))
                .OfType<string>());
            string body = Using().Replace(code, "");
            foreach (string enclosing in Enclosing(room))
            {
                foreach (string other in types.Keys.Where(k => k.StartsWith(enclosing + '.', StringComparison.Ordinal)))
                    if (Regex.IsMatch(body, $@"(?<![\w.]){Regex.Escape(other[(enclosing.Length + 1)..])}\.[A-Z]"))
                        known[room].Add(other);
                if (enclosing != room && types.TryGetValue(enclosing, out var above)
                    && above.Except(types[room]).Any(type => Regex.IsMatch(body, $@"(?<![\w.]){type}\b")))
                    known[room].Add(enclosing);
            }
            known[room].Remove(room);
        }
        return known;
    }

    // NativeNN.Experiments.Cli, NativeNN.Experiments, NativeNN.
    private static IEnumerable<string> Enclosing(string room)
    {
        for (int end = room.Length; end > 0; end = room.LastIndexOf('.', end - 1))
            yield return room[..end];
    }

    private static IEnumerable<string> Declarations(string code) => Declaration().Matches(code).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceOf();

    [GeneratedRegex(@"^using (?:static |\w+ = )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^\s.*$", RegexOptions.Multiline)]
    private static partial Regex NestedLine();

    [GeneratedRegex(@"\b(?:class|struct|record(?: struct)?|interface|enum)\s+([A-Z]\w*)")]
    private static partial Regex Declaration();
}
