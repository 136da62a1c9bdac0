using NativeNN.Experiments.Cli;

namespace NativeNN.Tests.Cli;

/// <summary>Runs the console's commands in this process and catches what they print; one at a time, as the console is one.</summary>
internal static class ConsoleRun
{
    private static readonly Lock OneAtATime = new();

    public static (int ExitCode, string Output, string Error) Of(params string[] args) => Of(() => CommandLineProgram.Run(args));

    /// <summary>The same for what a command consists of.</summary>
    public static (int ExitCode, string Output, string Error) Of(Func<int> run)
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
                return (run(), output.ToString(), error.ToString());
            }
            finally
            {
                Console.SetOut(savedOut);
                Console.SetError(savedError);
            }
        }
    }
}
