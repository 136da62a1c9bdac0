using System.Runtime.InteropServices;

namespace NativeNN.Experiments.Running;

/// <summary>
/// Ctrl-C and the system's wish that the process ends: trainings ask after every step whether one came, save themselves and stop. A second
/// one ends the process at once.
/// </summary>
public class Interruption : IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];
    private int exitCode;

    /// <summary>0 while none came; else 128 + the signal's number, as shells count.</summary>
    public virtual int ExitCode => Volatile.Read(ref exitCode);

    /// <summary>One that hears the process's signals until it is disposed.</summary>
    public static Interruption Listen()
    {
        var interruption = new Interruption();
        foreach (var (signal, number) in new[] { (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1) })
            interruption.registrations.Add(
                PosixSignalRegistration.Create(signal, context => context.Cancel = interruption.Request(number)));
        return interruption;
    }

    /// <summary>Asks for an end; false if that was asked before.</summary>
    public bool Request(int signal) => Interlocked.CompareExchange(ref exitCode, 128 + signal, 0) == 0;

    /// <summary>Throws RunInterruptedException if an end was asked for. done: what is saved, where.</summary>
    public void ThrowIfRequested(string done)
    {
        if (ExitCode is var code and not 0)
            throw new RunInterruptedException(code, done);
    }

    public void Dispose()
    {
        registrations.ForEach(r => r.Dispose());
        GC.SuppressFinalize(this);
    }
}

/// <summary>A run ended because it was asked to; the message says what is saved and how to go on.</summary>
public sealed class RunInterruptedException(int exitCode, string done)
    : Exception($"interrupted by {(exitCode == 130 ? "Ctrl-C" : $"signal {exitCode - 128}")}; {done}; "
        + "the same command with --resume goes on to the same bits")
{
    public int ExitCode => exitCode;
}
