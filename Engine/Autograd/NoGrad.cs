namespace NativeNN;

/// <summary>While one is alive on this thread, no graph is recorded: <c>using (new NoGrad()) { … }</c>. They nest.</summary>
public sealed class NoGrad : IDisposable
{
    [ThreadStatic]
    private static int depth;

    private bool disposed;

    /// <summary>Stops recording until Dispose.</summary>
    public NoGrad() => depth++;

    /// <summary>Whether recording is off on this thread.</summary>
    public static bool IsActive => depth > 0;

    /// <summary>Goes back to what was before.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        depth--;
    }
}
