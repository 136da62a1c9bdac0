using System.Runtime.InteropServices;

namespace NativeNN.Gpu.Runtime;

/// <summary>Launches written down instead of made, with what each must wait for.</summary>
internal sealed class LaunchRecord
{
    private readonly List<RecordedLaunch> launches = [];
    private KernelArgument[] arguments = new KernelArgument[1024];
    private int argumentCount;

    // Of each argument: which buffer it is, by first appearance; −1 for values. Set by PatternHash.
    private int[] numbers = [];
    private readonly Dictionary<ulong, int> numberOf = [];

    public IReadOnlyList<RecordedLaunch> Launches => launches;

    public ReadOnlySpan<KernelArgument> ArgumentsOf(int launch) =>
        arguments.AsSpan(launches[launch].FirstArgument, launches[launch].ArgumentCount);

    public void Add(GpuKernel kernel, in LaunchShape shape, ReadOnlySpan<KernelArgument> given)
    {
        if (argumentCount + given.Length > arguments.Length)
            Array.Resize(ref arguments, 2 * arguments.Length);
        given.CopyTo(arguments.AsSpan(argumentCount));
        launches.Add(new RecordedLaunch(kernel, shape, argumentCount, given.Length));
        argumentCount += given.Length;
    }

    /// <summary>Replaces the arguments of one launch by those of another record with the same pattern.</summary>
    public void TakeArguments(int launch, ReadOnlySpan<KernelArgument> given) =>
        given.CopyTo(arguments.AsSpan(launches[launch].FirstArgument));

    public void Clear()
    {
        launches.Clear();
        argumentCount = 0;
    }

    public LaunchRecord Clone()
    {
        var copy = new LaunchRecord
        {
            arguments = arguments[..argumentCount],
            argumentCount = argumentCount,
            numbers = numbers[..argumentCount],
        };
        copy.launches.AddRange(launches);
        return copy;
    }

    /// <summary>
    /// Of kernels, shapes and which buffers are the same as which. Steps that agree in these have the same dependencies, and differ in
    /// values (a batch's first row, Adam's t) and in which buffers the pool happened to give. Call before HasPatternOf and Differing.
    /// </summary>
    public int PatternHash()
    {
        var hash = new HashCode();
        foreach (var launch in launches)
        {
            hash.Add(launch.Kernel.Name);
            hash.Add(launch.Shape.GroupsX);
        }
        if (numbers.Length < argumentCount)
            numbers = new int[arguments.Length];
        numberOf.Clear();
        for (int i = 0; i < argumentCount; i++)
        {
            numbers[i] = -1;
            if (arguments[i].Kind is not (ArgumentKind.Reads or ArgumentKind.Writes))
                continue;
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numberOf, arguments[i].First, out bool known);
            if (!known)
                number = numberOf.Count;
            numbers[i] = number;
            hash.Add(number);
        }
        return hash.ToHashCode();
    }

    /// <summary>Whether the other record makes the same launches with the same pattern of buffers.</summary>
    public bool HasPatternOf(LaunchRecord other)
    {
        if (launches.Count != other.launches.Count || argumentCount != other.argumentCount)
            return false;
        for (int i = 0; i < launches.Count; i++)
            if (launches[i] != other.launches[i])
                return false;
        for (int i = 0; i < argumentCount; i++)
            if (arguments[i].Kind != other.arguments[i].Kind || numbers[i] != other.numbers[i])
                return false;
        return true;
    }

    /// <summary>How many launches have other arguments than in a record of the same pattern.</summary>
    public int Differing(LaunchRecord other)
    {
        int differing = 0;
        for (int i = 0; i < launches.Count; i++)
            if (!ArgumentsOf(i).SequenceEqual(other.ArgumentsOf(i)))
                differing++;
        return differing;
    }

    /// <summary>
    /// The earlier launches that launch i must wait for: who last wrote what it reads or writes, and who has read what it writes.
    /// </summary>
    public List<int>[] Dependencies()
    {
        var lastWriter = new Dictionary<ulong, int>();
        var readers = new Dictionary<ulong, List<int>>();
        var dependencies = new List<int>[launches.Count];
        for (int i = 0; i < launches.Count; i++)
        {
            var waitsFor = new SortedSet<int>();
            foreach (var argument in ArgumentsOf(i))
            {
                if (argument.Kind is not (ArgumentKind.Reads or ArgumentKind.Writes))
                    continue;
                if (lastWriter.TryGetValue(argument.First, out int writer))
                    waitsFor.Add(writer);
                if (argument.Kind == ArgumentKind.Writes && readers.TryGetValue(argument.First, out var earlier))
                    waitsFor.UnionWith(earlier);
            }
            foreach (var argument in ArgumentsOf(i))
                if (argument.Kind == ArgumentKind.Writes)
                {
                    lastWriter[argument.First] = i;
                    readers.Remove(argument.First);
                }
                else if (argument.Kind == ArgumentKind.Reads && !(lastWriter.TryGetValue(argument.First, out int writer) && writer == i))
                {
                    if (!readers.TryGetValue(argument.First, out var list))
                        readers[argument.First] = list = [];
                    list.Add(i);
                }
            waitsFor.Remove(i);
            dependencies[i] = [.. waitsFor];
        }
        return dependencies;
    }
}

/// <summary>One launch; its arguments are a stretch of the record's.</summary>
internal readonly record struct RecordedLaunch(GpuKernel Kernel, LaunchShape Shape, int FirstArgument, int ArgumentCount);

/// <summary>Recorded launches that one call starts, in any order that their dependencies allow.</summary>
internal abstract class LaunchGraph(LaunchRecord record) : IDisposable
{
    /// <summary>What the graph was built from, with the arguments of its last start.</summary>
    public LaunchRecord Record { get; } = record;

    /// <summary>Starts it with the arguments of now, which has the same pattern.</summary>
    public abstract void Launch(LaunchRecord now);

    public abstract void Dispose();
}
