using NativeNN.Experiments.Cli;

namespace NativeNN.Tests.Cli;

/// <summary>What the command line does for those who mistype, ask, or press Tab.</summary>
public class CommandLineTests
{
    [Theory]
    [InlineData("weight-histogramms", "'weight-histogramms' is not a command or option; did you mean weight-histograms?")]
    [InlineData("wieght-init", "did you mean weight-init?")]
    [InlineData("lsit", "did you mean list?")]
    [InlineData("weight-init --epocs 3", "'--epocs' is not a command or option; did you mean --epochs?")]
    [InlineData("init-variance --sigmass 1 --sed 3", "'--sigmass' is not a command or option; did you mean --sigmas?")]
    [InlineData("weight-init --quite", "did you mean --quick or --quiet?")]
    [InlineData("help wieght-init", "did you mean weight-init?")]
    [InlineData("zzz", "'zzz' is not a command or option (see --help)")] // nothing is near
    [InlineData("weight-init --quiet --verbose", "--quiet and --verbose: give one of them")]
    public void AMistypedWordGetsItsNearest(string arguments, string told)
    {
        var (exitCode, output, error) = ConsoleRun.Of(arguments.Split(' '));
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains(told, Assert.Single(error.TrimEnd('\n').Split('\n')));
    }

    [Theory]
    [InlineData("", "--help")]
    [InlineData("help", "--help")]
    [InlineData("help weight-init", "weight-init --help")]
    [InlineData("help compare", "compare --help")] // though it lacks its argument
    public void HelpIsACommandToo(string arguments, string option)
    {
        var (exitCode, output, _) = ConsoleRun.Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, exitCode);
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
        Assert.Equal(ConsoleRun.Of(option.Split(' ')).Output, output);
    }

    [Fact]
    public void TheExamplesAreRight()
    {
        Assert.All(Examples.Everywhere, example => Assert.Empty(CommandLineProgram.Root().Parse(example.Arguments).Errors));
        foreach (var command in CommandLineProgram.Root().Subcommands)
            Assert.All(Examples.Of(command.Name), example => Assert.StartsWith(command.Name, example.Arguments));
    }

    [Theory]
    [InlineData("weight-hi", "weight-histograms")]
    [InlineData("weight-init --verb", "--verbose")]
    [InlineData("weight-init --device op", "opencl")]
    [InlineData("graph --format do", "dot")]
    [InlineData("compare init-v", "init-variance")]
    [InlineData("help weight-i", "weight-init")]
    public void AShellCanComplete(string line, string word)
    {
        var (exitCode, output, _) = ConsoleRun.Of($"[suggest:{line.Length}]", line);
        Assert.Equal(0, exitCode);
        Assert.Equal(word, output.Trim());
    }
}
