using System.CommandLine;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Study;

namespace NativeNN.Experiments.Cli;

/// <summary>What a shell can complete beyond commands and options: the values that an option takes.</summary>
internal static class Completions
{
    private static readonly string[] Lectures = [.. Course.Lectures.Select(l => l.Name)];

    public static void AddTo(RootCommand root)
    {
        foreach (var command in root.Subcommands)
        {
            foreach (var option in command.Options)
                if (Values(command, option) is { Length: > 0 } values && option.CompletionSources.Count == 0)
                {
                    option.CompletionSources.Add(values);
                    option.HelpName ??= option.Name.TrimStart('-'); // else the help would list the values before the description does
                }
            foreach (var argument in command.Arguments.Where(a => a.Name == "lecture" && a.CompletionSources.Count == 0))
            {
                argument.CompletionSources.Add(Lectures);
                argument.HelpName = argument.Name;
            }
        }
    }

    private static string[] Values(Command command, Option option) => option.Name switch
    {
        "--device" => ["cpu", "reference", "opencl", "cuda", "auto", "ilgpu-cpu"],
        "--lecture" => Lectures,
        "--example" => [.. GraphExample.Small.Keys],
        "--format" => command.Name == "graph" ? ["svg", "png", "pdf", "dot"] : ["png", "svg", "pdf", "none"],
        _ => HyperparameterOptions.Values(option.Name),
    };
}
