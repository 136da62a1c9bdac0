using System.Linq.Expressions;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;

namespace NativeNN.Gpu.Runtime;

/// <summary>Groups in both directions, and the threads of each.</summary>
internal readonly record struct LaunchShape(int GroupsX, int GroupsY = 1, int Threads = Kernels.ThreadGrid.PerGroup)
{
    public KernelConfig Config => new(new Index2D(GroupsX, GroupsY), new Index2D(Threads, 1));
}

/// <summary>Starts a kernel that ILGPU did not compile, in its stream.</summary>
internal delegate void OwnStart(GpuKernel kernel, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments);

/// <summary>
/// A kernel ready to start. Function: CUDA's handle, 0 elsewhere; Start: ILGPU's launcher, null where it has a start of its own.
/// </summary>
internal sealed record GpuKernel(string Name, nint Function, Action<AcceleratorStream, KernelConfig, KernelArgument[]>? Start)
{
    /// <summary>Starts it where it is no method of ours.</summary>
    public OwnStart? OwnStart { get; init; }

    /// <summary>Our own launch, on OpenCL.</summary>
    public OpenClLauncher? OpenCl { get; init; }

    /// <summary>Whether it starts a training step: a batch is gathered.</summary>
    public bool Gathers { get; } = Name.StartsWith("Movement.Gather", StringComparison.Ordinal);

    /// <summary>
    /// ILGPU makes each kernel a launcher (Kernel, stream, config, its parameters…). This is the code between that and our arguments, made
    /// once: start = (stream, config, x) => launcher(kernel, stream, config, x[0].Floats, x[1].Int, …). Throws if an argument does not fit
    /// its parameter.
    /// </summary>
    public static Action<AcceleratorStream, KernelConfig, KernelArgument[]> Starter(Kernel kernel, MethodInfo method,
        ReadOnlySpan<KernelArgument> example)
    {
        var stream = Expression.Parameter(typeof(AcceleratorStream));
        var config = Expression.Parameter(typeof(KernelConfig));
        var given = Expression.Parameter(typeof(KernelArgument[]));
        var parameters = method.GetParameters();
        if (parameters.Length != example.Length)
            throw new InvalidOperationException(
                $"{method.Name} has {parameters.Length} parameters; it was given {example.Length} arguments.");
        var arguments = new List<Expression> { Expression.Constant(kernel), stream, config };
        for (int i = 0; i < parameters.Length; i++)
        {
            string property = example[i].PropertyFor(parameters[i].ParameterType) ?? throw new InvalidOperationException(
                $"{method.Name}: parameter {parameters[i].Name} is {parameters[i].ParameterType.Name}; it was given {example[i].Kind}.");
            arguments.Add(Expression.Property(Expression.ArrayIndex(given, Expression.Constant(i)), property));
        }
        return Expression.Lambda<Action<AcceleratorStream, KernelConfig,
            KernelArgument[]>>(Expression.Call(kernel.Launcher!, arguments), stream, config, given)
            .Compile();
    }
}
