namespace NativeNN.Backends.Simd;

/// <summary>
/// The process's helper threads, one for each core but the caller's. Run hands out numbered parts of a kernel; the caller works too, so a
/// helper that is late costs nothing. A helper spins for a short while after its last part, because the next kernel is microseconds away in
/// a training step, and then sleeps.
/// </summary>
internal sealed unsafe class WorkerPool
{
    private const int SpinsBeforeSleep = 2000; // about 50 µs

    private readonly SemaphoreSlim wake = new(0);
    private readonly int helpers;
    private bool started;
    private int busy, sleepers;

    // The job: written before its ticket, and not again before all its parts are done.
    private delegate*<void*, int, void> body;
    private void* state;

    // Number of the job (upper half), how many parts it has and which is next (16 bits each): in one word, so that a helper that comes late
    // can neither take a part of a later job by mistake nor hold its number of parts against this one's.
    private long ticket;
    private int done;

    private WorkerPool(int helpers) => this.helpers = helpers;

    public static WorkerPool Shared { get; } = new(Environment.ProcessorCount - 1);

    /// <summary>
    /// body(state, p) for p in [0, parts), in any order, on any threads; returns when all are done. A second caller runs its parts itself.
    /// </summary>
    public void Run(int parts, delegate*<void*, int, void> body, void* state)
    {
        if (helpers == 0 || parts == 1 || parts > ushort.MaxValue || Interlocked.Exchange(ref busy, 1) != 0)
        {
            for (int p = 0; p < parts; p++)
                body(state, p);
            return;
        }
        Start();
        this.body = body;
        this.state = state;
        done = 0;
        Volatile.Write(ref ticket, (((ticket >> 32) + 1) << 32) | ((long)parts << 16));
        // The ticket is out before sleepers is read, as a helper counts itself before it looks at the ticket again.
        Interlocked.MemoryBarrier();
        int asleep = Volatile.Read(ref sleepers);
        if (asleep > 0)
            wake.Release(Math.Min(asleep, parts - 1));
        while (TakePart())
        {
        }
        var spin = new SpinWait();
        while (Volatile.Read(ref done) < parts)
        {
            if (spin.Count < 1000)
                Thread.SpinWait(10);
            spin.SpinOnce(sleep1Threshold: -1);
        }
        Volatile.Write(ref busy, 0);
    }

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
            job(argument, part);
            Interlocked.Increment(ref done);
            return true;
        }
    }

    private void Start()
    {
        if (started)
            return;
        started = true;
        for (int i = 0; i < helpers; i++)
            new Thread(Help) { IsBackground = true, Name = $"NativeNN kernels {i + 1}" }.Start();
    }

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
            Interlocked.Increment(ref sleepers);
            if (!TakePart())
                wake.Wait();
            Interlocked.Decrement(ref sleepers);
        }
    }
}
