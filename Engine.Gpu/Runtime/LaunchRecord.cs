namespace NativeNN.Gpu.Runtime;

/// <summary>Launches written down instead of made, with what each must wait for.</summary>
internal sealed class LaunchRecord
{
    private readonly List<RecordedLaunch> launches = [];
    private KernelArgument[] arguments = new KernelArgument[1024];
    private int argumentCount;

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

    /// <summary>Replaces the values of one launch by those of another record with the same structure.</summary>
    public void TakeArguments(int launch, ReadOnlySpan<KernelArgument> given) => given.CopyTo(arguments.AsSpan(launches[launch].FirstArgument));

    public void Clear()
    {
        launches.Clear();
        argumentCount = 0;
    }

    public LaunchRecord Clone()
    {
        var copy = new LaunchRecord { arguments = arguments[..argumentCount], argumentCount = argumentCount };
        copy.launches.AddRange(launches);
        return copy;
    }

    /// <summary>Of kernels, shapes and buffers: two steps with the same structure differ at most in numbers such as a batch's first row.</summary>
    public int StructureHash()
    {
        var hash = new HashCode();
        foreach (var launch in launches)
        {
            hash.Add(launch.Kernel.Handle);
            hash.Add(launch.Shape.GroupsX);
        }
        foreach (var argument in arguments.AsSpan(0, argumentCount))
            if (argument.IsBuffer)
                hash.Add(argument.Bits);
        return hash.ToHashCode();
    }

    /// <summary>Whether the other record makes the same launches on the same buffers; 32- and 64-bit values may differ.</summary>
    public bool HasStructureOf(LaunchRecord other)
    {
        if (launches.Count != other.launches.Count || argumentCount != other.argumentCount)
            return false;
        for (int i = 0; i < launches.Count; i++)
            if (launches[i] != other.launches[i])
                return false;
        for (int i = 0; i < argumentCount; i++)
        {
            var argument = arguments[i];
            if (argument.Kind != other.arguments[i].Kind || (argument.IsBuffer && argument.Bits != other.arguments[i].Bits))
                return false;
        }
        return true;
    }

    /// <summary>The earlier launches that launch i must wait for: who last wrote what it reads or writes, and who has read what it writes.</summary>
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
                if (lastWriter.TryGetValue(argument.Bits, out int writer))
                    waitsFor.Add(writer);
                if (argument.Kind == ArgumentKind.Writes && readers.TryGetValue(argument.Bits, out var earlier))
                    waitsFor.UnionWith(earlier);
            }
            foreach (var argument in ArgumentsOf(i))
                if (argument.Kind == ArgumentKind.Writes)
                {
                    lastWriter[argument.Bits] = i;
                    readers.Remove(argument.Bits);
                }
                else if (argument.Kind == ArgumentKind.Reads && !(lastWriter.TryGetValue(argument.Bits, out int writer) && writer == i))
                {
                    if (!readers.TryGetValue(argument.Bits, out var list))
                        readers[argument.Bits] = list = [];
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

/// <summary>Recorded launches that the driver starts together.</summary>
internal abstract class LaunchGraph(LaunchRecord record) : IDisposable
{
    /// <summary>What the graph was built from, with the values of its last start.</summary>
    public LaunchRecord Record { get; } = record;

    /// <summary>Starts it with the values of now, which has the same structure.</summary>
    public abstract void Launch(LaunchRecord now);

    public abstract void Dispose();
}
