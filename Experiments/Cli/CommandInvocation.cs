using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using NativeNN.Data;
using NativeNN.Experiments.Running;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Experiments.Cli;

/// <summary>
/// Runs a command line. Exit codes: 0 done, 2 bad input (one line on stderr, with the nearest word where one was mistyped), 130 Ctrl-C,
/// 143 SIGTERM.
/// </summary>
public static class CommandInvocation
{
    private const int BadInput = 2;

    /// <summary>Without arguments it shows the help.</summary>
    public static int Run(RootCommand root, string[] args)
    {
        Terminal.Prepare();
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Action is ParseErrorAction errors)
            return Fail($"{Told(parsed, errors)} (see --help)");
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is BadInputException or GpuException)
        {
            return Fail(e.Message);
        }
        catch (RunInterruptedException e)
        {
            Console.Error.WriteLine(e.Message);
            return e.ExitCode;
        }
    }

    private static string Told(ParseResult parsed, ParseErrorAction errors)
    {
        if (parsed.UnmatchedTokens is not [var unknown, ..])
            return Told(parsed.Errors[0]);
        string[] nearest = Nearest(unknown, parsed, errors);
        return $"'{unknown}' is not a command or option" + (nearest.Length > 0 ? $"; did you mean {string.Join(" or ", nearest)}?" : "");
    }

    // The parser's own words for a value of the wrong kind name types of .NET.
    private static string Told(ParseError error)
    {
        var option = error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
        if (option is not { Tokens: [var value] } || error.Message.StartsWith(option.Option.Name, StringComparison.Ordinal))
            return error.Message; // a validator's words begin with the option
        var type = Nullable.GetUnderlyingType(option.Option.ValueType) ?? option.Option.ValueType;
        return $"{option.Option.Name} {value.Value}: needs a {(type == typeof(double) ? "" : "whole ")}number";
    }

    // The library knows which words are near, but tells only by printing: for each unknown word a sentence and then its suggestions, one a
    // line. It takes three changes for a small distance, and so 'zzz' for 'all': a near word has a letter in common.
    private static string[] Nearest(string unknown, ParseResult parsed, ParseErrorAction errors)
    {
        using var output = new StringWriter();
        (errors.ShowTypoCorrections, errors.ShowHelp) = (true, false);
        parsed.Invoke(new InvocationConfiguration { Output = output, Error = TextWriter.Null });
        string[] lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
        return lines[0].Contains($"'{unknown}'")
            ? [.. lines.Skip(1).TakeWhile(l => l.Length > 0 && !l.Contains(' ')).Where(l => l.Trim('-').Intersect(unknown.Trim('-')).Any())]
            : [];
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"error: {message.ReplaceLineEndings(" ")}");
        return BadInput;
    }
}
