using NativeNN.Experiments.Cli;

namespace NativeNN.Tests.Cli;

/// <summary>Runs the console's commands in this process and catches what they print; one at a time, as the console is one.</summary>
internal static class ConsoleRun
{
    private static readonly Lock OneAtATime = new();

    public static (int ExitCode, string Output, string Error) Of(params string[] args)
    {
        lock (OneAtATime)
        {
            var (savedOut, savedError) = (Console.Out, Console.Error);
            using var output = new StringWriter();
            using var error = new StringWriter();
            try
            {
                Console.SetOut(output);
                Console.SetError(error);
                return (CommandLineProgram.Run(args), output.ToString(), error.ToString());
            }
            finally
            {
                Console.SetOut(savedOut);
                Console.SetError(savedError);
            }
        }
    }
}
