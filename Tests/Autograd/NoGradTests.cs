namespace NativeNN.Tests.Autograd;

/// <summary>NoGrad follows the code, not the thread: whoever runs the next line of the using block runs it without a graph.</summary>
public class NoGradTests
{
    [Fact]
    public async Task ItIsStillThereAfterAnAwaitAndGoneAfterTheBlock()
    {
        for (int round = 0; round < 50; round++)
            await AwaitWithin();
    }

    private static async Task AwaitWithin()
    {
        using (new NoGrad())
        {
            await Task.Yield();
            Assert.True(NoGrad.IsActive);
            await Task.Delay(1).ConfigureAwait(false); // goes on wherever the timer fires
            Assert.Null(Square().Op);
        }
        Assert.False(NoGrad.IsActive);
        Assert.NotNull(Square().Op);
    }

    [Fact]
    public async Task NoThreadOfThePoolKeepsIt()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(AwaitWithin)));
        Assert.DoesNotContain(true, await Task.WhenAll(OfThePool()));

        // What the threads have themselves, not what they are given.
        static Task<bool>[] OfThePool()
        {
            using var flow = ExecutionContext.SuppressFlow();
            return [.. Enumerable.Range(0, 100).Select(_ => Task.Run(() => NoGrad.IsActive))];
        }
    }

    [Fact]
    public void AnotherThreadMayDisposeItBeforeThisOneGoesOn()
    {
        var scope = new NoGrad();
        bool there = true, thereLater = true;
        OnAnotherThread(() =>
        {
            there = NoGrad.IsActive;
            scope.Dispose();
            using (new NoGrad())
                Assert.True(NoGrad.IsActive);
            thereLater = NoGrad.IsActive;
        });
        Assert.False(there); // a thread that was given nothing
        Assert.False(thereLater);
        Assert.False(NoGrad.IsActive);
        Assert.NotNull(Square().Op);
        scope.Dispose(); // once more is nothing
        using (new NoGrad())
            Assert.True(NoGrad.IsActive);
        Assert.False(NoGrad.IsActive);
    }

    [Fact]
    public void ThisThreadMayDisposeItBeforeTheOtherGoesOn()
    {
        using var disposed = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        var scope = new NoGrad();
        bool before = false, after = true;
        var thread = new Thread(() => // given this flow
        {
            before = NoGrad.IsActive;
            started.Set();
            disposed.Wait();
            after = NoGrad.IsActive;
        });
        thread.Start();
        started.Wait();
        scope.Dispose();
        disposed.Set();
        thread.Join();
        Assert.True(before);
        Assert.False(after);
    }

    [Fact]
    public void TheyMayEndInAnyOrder()
    {
        NoGrad outer = new(), inner = new();
        outer.Dispose();
        Assert.True(NoGrad.IsActive);
        inner.Dispose();
        Assert.False(NoGrad.IsActive);
    }

    private static Tensor Square() => Tensor.From(3).WithGrad().Square();

    private static void OnAnotherThread(Action action)
    {
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(action));
        thread.UnsafeStart(); // without this thread's flow
        thread.Join();
        Assert.Null(error);
    }
}
