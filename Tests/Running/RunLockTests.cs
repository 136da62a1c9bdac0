using NativeNN.Data;
using NativeNN.Experiments.Running;

namespace NativeNN.Tests.Running;

public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ASecondHolderIsToldOfTheFirst()
    {
        string path = folder.File(".lock");
        using (RunLock.Take(path, "results"))
        {
            var refused = Assert.Throws<BadInputException>(() => RunLock.Take(path, "results"));
            Assert.StartsWith($"results: another run (process {Environment.ProcessId}) is writing there", refused.Message);
        }
        Assert.False(File.Exists(path));
        RunLock.Take(path, "results").Dispose();
    }

    [Fact]
    public void WhatADeadHolderLeftKeepsNobodyOut()
    {
        RunLock.Take(folder.Write(".lock", new byte[1234]), "results").Dispose();
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void OfManyAtOnceOneGetsIt()
    {
        string path = folder.File(".lock");
        int holders = 0, most = 0, refused = 0;
        Parallel.For(0, 2_000, _ =>
        {
            try
            {
                using var taken = RunLock.Take(path, "results");
                most = Math.Max(most, Interlocked.Increment(ref holders));
                Interlocked.Decrement(ref holders);
            }
            catch (BadInputException)
            {
                Interlocked.Increment(ref refused);
            }
        });
        Assert.Equal((0, 1), (holders, most));
        Assert.InRange(refused, 0, 1_999);
    }
}
