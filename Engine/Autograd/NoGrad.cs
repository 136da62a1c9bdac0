namespace NativeNN;

/// <summary>
/// While one is alive, no graph is recorded: <c>using (new NoGrad()) { … }</c>. They nest, and flow as the code does: after an await on
/// whatever thread goes on, and into tasks that were started meanwhile, until Dispose.
/// </summary>
public sealed class NoGrad : IDisposable
{
    // The innermost one here. Where the flow was copied (into a task), one that was disposed elsewhere may still stand in it.
    private static readonly AsyncLocal<NoGrad?> Innermost = new();

    // Alive in the whole process. Without any, as in training, an op need not ask where it runs, which would take longer.
    private static int alive;

    private readonly NoGrad? outer;
    private int disposed;

    /// <summary>Stops recording until Dispose.</summary>
    public NoGrad()
    {
        outer = FirstAlive(Innermost.Value);
        Innermost.Value = this;
        Interlocked.Increment(ref alive);
    }

    /// <summary>Whether recording is off here.</summary>
    public static bool IsActive => Volatile.Read(ref alive) > 0 && FirstAlive(Innermost.Value) is not null;

    /// <summary>Ends this one, whichever thread calls it and in whatever order; others stay as they are.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        Interlocked.Decrement(ref alive);
        Innermost.Value = FirstAlive(Innermost.Value);
    }

    private static NoGrad? FirstAlive(NoGrad? scope)
    {
        while (scope is not null && Volatile.Read(ref scope.disposed) != 0)
            scope = scope.outer;
        return scope;
    }
}
