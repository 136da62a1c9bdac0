using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>
/// The process's helper threads, one for each core but the caller's. Run hands out numbered parts of a kernel; the caller works too, so a
/// helper that is late costs nothing. A helper spins for a short while after its last part, because the next kernel is microseconds away in
/// a training step, and then sleeps.
/// </summary>
internal sealed unsafe class WorkerPool
{
    /// <summary>The most parts that a job can have.</summary>
    public const int MaxParts = ushort.MaxValue;

    private const int SpinsBeforeSleep = 2000; // about 50 µs

    // A helper whose core another program takes in the middle of a part holds the caller up for milliseconds. A wait is long if it is
    // longer than this and than the caller's own work on the job. One long wait in twenty times its length is a hiccup; if they come more
    // often the caller works alone for a while, after each twice as long as after the one before.
    private static readonly long LongWait = Stopwatch.Frequency / 5000; // 0.2 ms
    private static readonly long ShortestAlone = Stopwatch.Frequency / 50, LongestAlone = Stopwatch.Frequency; // 20 ms, 1 s
    private const int Rare = 20;

    private readonly SemaphoreSlim wake = new(0);
    private readonly int helpers;
    private int started;
    private int busy, sleepers;
    private long alone, aloneUntil; // Stopwatch ticks

    // The job: written before its ticket, and not again before all its parts are done.
    private delegate*<void*, int, void> body;
    private void* state;

    // Number of the job (upper half), how many parts it has and which is next (16 bits each): in one word, so that a helper that comes late
    // can neither take a part of a later job by mistake nor hold its number of parts against this one's.
    private long ticket;
    private int done;
    private ExceptionDispatchInfo? failure; // of the first part that threw

    public WorkerPool(int helpers) => this.helpers = helpers;

    public static WorkerPool Shared { get; } = new(Environment.ProcessorCount - 1);

    /// <summary>Helpers that sleep, or are about to.</summary>
    public int Sleepers => Volatile.Read(ref sleepers);

    /// <summary>Wake-ups given that no helper has taken yet: 0 once all sleep.</summary>
    public int OpenWakeUps => wake.CurrentCount;

    /// <summary>
    /// body(state, p) for p in [0, parts), in any order, on any threads; returns when all are done. A second caller runs its parts itself.
    /// What a part throws is thrown here when no part runs any more.
    /// </summary>
    public void Run(int parts, delegate*<void*, int, void> body, void* state)
    {
        if (helpers == 0 || parts == 1 || Interlocked.Exchange(ref busy, 1) != 0)
        {
            RunAlone(parts, body, state);
            return;
        }
        try
        {
            long now = Stopwatch.GetTimestamp();
            if (now < aloneUntil)
                RunAlone(parts, body, state);
            else
                RunTogether(parts, body, state, now);
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    private static void RunAlone(int parts, delegate*<void*, int, void> body, void* state)
    {
        for (int p = 0; p < parts; p++)
            body(state, p);
    }

    [MethodImpl(AggressiveOptimization)]
    private void RunTogether(int parts, delegate*<void*, int, void> body, void* state, long now)
    {
        for (; started < helpers; started++)
            new Thread(Help) { IsBackground = true, Name = $"NativeNN kernels {started + 1}" }.Start();
        this.body = body;
        this.state = state;
        failure = null;
        done = 0;
        Volatile.Write(ref ticket, (((ticket >> 32) + 1) << 32) | ((long)parts << 16));
        // The ticket is out before sleepers is read, as a helper counts itself before it looks at the ticket again.
        Interlocked.MemoryBarrier();
        int woken = TakeSleepers(parts - 1);
        if (woken > 0)
            wake.Release(woken);
        while (TakePart())
        {
        }
        if (Volatile.Read(ref done) < parts)
            Wait(parts, now);
        failure?.Throw();
    }

    [MethodImpl(AggressiveOptimization)]
    private void Wait(int parts, long startedAt)
    {
        long from = Stopwatch.GetTimestamp();
        var spin = new SpinWait();
        while (Volatile.Read(ref done) < parts)
        {
            if (spin.Count < 1000)
                Thread.SpinWait(10);
            spin.SpinOnce(sleep1Threshold: -1);
        }
        long now = Stopwatch.GetTimestamp(), waited = now - from;
        if (waited <= LongWait || waited <= from - startedAt)
            return;
        bool hiccup = from - aloneUntil > Rare * waited;
        alone = hiccup ? 0 : Math.Clamp(2 * alone, ShortestAlone, LongestAlone);
        aloneUntil = now + alone;
    }

    [MethodImpl(AggressiveOptimization)]
    private bool TakePart()
    {
        while (true)
        {
            long now = Volatile.Read(ref ticket);
            var job = body;
            void* argument = state;
            int part = (ushort)now;
            if (part >= (ushort)(now >> 16))
                return false;
            if (Interlocked.CompareExchange(ref ticket, now + 1, now) != now)
                continue;
            try
            {
                job(argument, part);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            }
            Interlocked.Increment(ref done);
            return true;
        }
    }

    [MethodImpl(AggressiveOptimization)]
    private void Help()
    {
        while (true)
        {
            int spins = 0;
            while (spins++ < SpinsBeforeSleep)
            {
                if (TakePart())
                    spins = 0;
                else
                    Thread.SpinWait(1);
            }
            // Whoever takes a helper out of sleepers owes it a wake-up: a caller gives one, a helper that takes itself out needs none.
            Interlocked.Increment(ref sleepers);
            if (!TakePart() || TakeSleepers(1) == 0)
                wake.Wait();
        }
    }

    // As many of the sleepers as there are, up to most.
    private int TakeSleepers(int most)
    {
        while (true)
        {
            int asleep = Volatile.Read(ref sleepers), taken = Math.Min(asleep, most);
            if (taken == 0 || Interlocked.CompareExchange(ref sleepers, asleep - taken, asleep) == asleep)
                return taken;
        }
    }
}
