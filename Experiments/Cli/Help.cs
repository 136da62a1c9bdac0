using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Cli;

/// <summary>A command line, without the program's name, and what it does.</summary>
public sealed record Example(string Arguments, string What);

/// <summary>The library's help with examples below it, and `help COMMAND` beside `COMMAND --help`.</summary>
public static class Help
{
    /// <summary>For a program whose commands are all there; examples gives a command's, by its name, or "" for the program's.</summary>
    public static void AddTo(RootCommand root, Func<string, IReadOnlyList<Example>> examples)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new WithExamples((HelpAction)option.Action!, examples);
        var words = new Argument<string[]>("command")
        {
            Description = "the command; all of them without it",
            HelpName = "command",
            Arity = ArgumentArity.ZeroOrMore,
        };
        words.CompletionSources.Add([.. root.Subcommands.Select(c => c.Name)]);
        var help = new Command("help", "what a command does, its options, and examples") { words };
        help.SetAction(parsed =>
        {
            string[] asked = parsed.GetValue(words)!;
            // A help option makes the parser overlook what it does not know; here it is told.
            bool known = root.Parse(asked).UnmatchedTokens.Count == 0;
            return CommandInvocation.Run(root, known ? [.. asked, "--help"] : asked);
        });
        root.Add(help);
    }

    private sealed class WithExamples(HelpAction help, Func<string, IReadOnlyList<Example>> examples) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parsed)
        {
            int exitCode = help.Invoke(parsed);
            var command = parsed.CommandResult.Command;
            var shown = examples(command is RootCommand ? "" : command.Name);
            if (shown.Count > 0)
                Terminal.WriteLine("Examples:");
            foreach (var example in shown)
                Terminal.WriteLine($"  {example.Arguments}\n    {example.What}");
            return exitCode;
        }
    }
}
