using System.CommandLine;
using NativeNN.Data;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Cli;

/// <summary>--quiet and --verbose.</summary>
internal static class VerbosityOptions
{
    private static readonly Option<bool> Quiet = new("--quiet") { Description = "show the verdicts only, and where the results lie" };
    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "show every training's settings and every figure's file too",
    };

    public static void AddTo(Command command)
    {
        command.Add(Quiet);
        command.Add(Verbose);
    }

    /// <summary>Throws BadInputException for both.</summary>
    public static Verbosity Read(ParseResult parsed) => (parsed.GetValue(Quiet), parsed.GetValue(Verbose)) switch
    {
        (true, true) => throw new BadInputException("--quiet and --verbose: give one of them"),
        (true, _) => Verbosity.Quiet,
        (_, true) => Verbosity.Verbose,
        _ => Verbosity.Normal,
    };
}
