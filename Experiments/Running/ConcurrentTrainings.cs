using System.Runtime.ExceptionServices;

namespace NativeNN.Experiments.Running;

/// <summary>Independent trainings, several at once.</summary>
internal static class ConcurrentTrainings
{
    /// <summary>
    /// train(i) for every i below count, in order, on so many threads of its own, not the pool's: each keeps its free buffers, so as many
    /// threads as trainings hold flat memory. The first failure ends all and is thrown here.
    /// </summary>
    public static void Run(int count, int workers, Action<int> train)
    {
        int next = -1;
        Exception? failure = null;
        var threads = Enumerable.Range(0, Math.Min(workers, count))
            .Select(i => new Thread(Work) { IsBackground = true, Name = $"training {i}" }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);

        void Work()
        {
            try
            {
                while (Volatile.Read(ref failure) is null && Interlocked.Increment(ref next) is var i && i < count)
                    train(i);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
        }
    }
}
