using NativeNN.Data;

namespace NativeNN.Experiments.Cli;

/// <summary>What --threads may be: from 1 to the number of processors this process may use.</summary>
internal static class ThreadCount
{
    /// <summary>The number to use: more than there are processors would only wait for one another, and say tells so.</summary>
    public static int Of(int wanted, Action<string> say)
    {
        int most = Environment.ProcessorCount;
        if (wanted < 1)
            throw new BadInputException($"--threads {wanted}: needs a whole number of at least 1");
        if (wanted > most)
            say($"--threads {wanted}: there {(most == 1 ? "is 1 processor" : $"are {most} processors")} here, so {most}");
        return Math.Min(wanted, most);
    }
}
