using NativeNN.Backends.Simd;

namespace NativeNN.Tests.Backends.Simd;

public unsafe class WorkerPoolTests
{
    private const int Parts = 7;

    [Fact]
    public void EveryPartRunsOnceInEachOfManyJobs()
    {
        int* runs = stackalloc int[Parts];
        for (int job = 1; job <= 20_000; job++)
        {
            WorkerPool.Shared.Run(Parts, &CountPart, runs);
            for (int p = 0; p < Parts; p++)
                Assert.Equal(job, runs[p]);
            if (job % 5000 == 0)
                Thread.Sleep(5); // the helpers fall asleep and are woken
        }
    }

    // A helper that was about to look for a part of a small job must not take one of a larger job before that is handed out.
    [Fact]
    public void JobsOfDifferentSizesFollowOneAnother()
    {
        int* runs = stackalloc int[Parts];
        for (int job = 0; job < 500_000; job++)
        {
            int parts = job % 2 == 0 ? 2 : Parts;
            new Span<int>(runs, Parts).Clear();
            WorkerPool.Shared.Run(parts, &CountPart, runs);
            for (int p = 0; p < Parts; p++)
                if (runs[p] != (p < parts ? 1 : 0))
                    Assert.Fail($"job {job} of {parts} parts: part {p} ran {runs[p]} times");
        }
    }

    [Fact]
    public void CallersOnSeveralThreadsDoNotMixTheirJobs()
    {
        var wrong = new int[4];
        var callers = Enumerable.Range(0, wrong.Length).Select(caller => new Thread(() =>
        {
            int* runs = stackalloc int[Parts];
            for (int job = 1; job <= 3000; job++)
            {
                WorkerPool.Shared.Run(Parts, &CountPart, runs);
                for (int p = 0; p < Parts; p++)
                    if (runs[p] != job)
                        wrong[caller]++;
            }
        })).ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());
        Assert.All(wrong, count => Assert.Equal(0, count));
    }

    [Fact]
    public void AJobInsideAJobRuns()
    {
        int* runs = stackalloc int[Parts];
        WorkerPool.Shared.Run(3, &RunAnother, runs);
        for (int p = 0; p < Parts; p++)
            Assert.Equal(3, runs[p]);
    }

    // A helper that finds work on its way to sleep takes back its claim to a wake-up.
    [Fact]
    public void NoWakeUpIsLeftOverWhenAllHelpersSleep()
    {
        var pool = new WorkerPool(helpers: 3);
        int* runs = stackalloc int[Parts];
        for (int job = 1; job <= 2000; job++)
        {
            pool.Run(Parts, &CountPart, runs);
            Thread.SpinWait(job); // from none to as long as helpers stay awake, so that some are always just falling asleep
        }
        for (int p = 0; p < Parts; p++)
            Assert.Equal(2000, runs[p]);
        Assert.True(SpinWait.SpinUntil(() => pool.Sleepers == 3, TimeSpan.FromSeconds(20)), $"only {pool.Sleepers} of 3 helpers sleep");
        Assert.Equal(0, pool.OpenWakeUps);
    }

    [Fact]
    public void WhatAPartThrowsIsThrownToTheCallerAndTheNextJobRunsOnAllThreads()
    {
        var pool = new WorkerPool(helpers: 2);
        int* runs = stackalloc int[Parts];
        for (int round = 0; round < 100; round++)
        {
            new Span<int>(runs, Parts).Clear();
            try
            {
                pool.Run(Parts, &CountAndThrow, runs);
                Assert.Fail("nothing was thrown");
            }
            catch (ArithmeticException e)
            {
                Assert.StartsWith("part ", e.Message);
            }
            Assert.All(new Span<int>(runs, Parts).ToArray(), count => Assert.InRange(count, 0, 1));
        }
        var threads = new HashSet<int>();
        for (int job = 0; job < 10_000 && threads.Count < 2; job++)
        {
            new Span<int>(runs, Parts).Clear();
            pool.Run(Parts, &WaitAndTellThread, runs);
            threads.UnionWith(new Span<int>(runs, Parts).ToArray());
        }
        Assert.True(threads.Count > 1, "only the caller works");
    }

    private static void CountAndThrow(void* state, int part)
    {
        CountPart(state, part);
        if (part % 2 == 1)
            throw new ArithmeticException($"part {part}");
    }

    private static void WaitAndTellThread(void* state, int part)
    {
        Thread.Sleep(1);
        ((int*)state)[part] = Environment.CurrentManagedThreadId;
    }

    private static void CountPart(void* state, int part) => Interlocked.Increment(ref ((int*)state)[part]);

    private static void RunAnother(void* state, int part) => WorkerPool.Shared.Run(Parts, &CountPart, state);
}
