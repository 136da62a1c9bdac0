using System.CommandLine;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Study;

namespace NativeNN.Experiments.Cli;

/// <summary>What a shell can complete beyond commands and options: the values that an option takes.</summary>
internal static class Completions
{
    private static readonly Dictionary<string, string[]> Values = new()
    {
        ["--device"] = ["cpu", "reference", "auto", "cuda", "opencl", "ilgpu-cpu"],
        ["--example"] = [.. GraphExample.Small.Keys],
    };

    public static void AddTo(RootCommand root)
    {
        foreach (var command in root.Subcommands)
        {
            foreach (var option in command.Options.Where(o => Values.ContainsKey(o.Name) && o.CompletionSources.Count == 0))
                option.CompletionSources.Add(Values[option.Name]);
            foreach (var format in command.Options.Where(o => o.Name == "--format" && o.CompletionSources.Count == 0))
                format.CompletionSources.Add(command.Name == "graph" ? ["svg", "png", "pdf", "dot"] : ["png", "svg", "pdf", "none"]);
            foreach (var lecture in command.Arguments.Where(a => a.Name == "lecture" && a.CompletionSources.Count == 0))
                lecture.CompletionSources.Add([.. Course.Lectures.Select(l => l.Name)]);
        }
    }
}
