using System.Reflection;
using ILGPU;
using NativeNN.Gpu.Kernels;

namespace NativeNN.Tests.Gpu;

/// <summary>Every kernel of Engine.Gpu/Kernels in each of its forms, found by reflection, so that no new one is left out.</summary>
internal static class KernelMethods
{
    // What kernels are made of, and no kernels themselves.
    private static readonly Type[] Parts = [typeof(NativeNN.Gpu.Kernels.Gemm), typeof(Groups), typeof(ThreadGrid), typeof(OnOpenCl),
        typeof(OnCuda)];
    private static readonly Type[] Layouts = [typeof(Plain), typeof(BTransposed), typeof(ATransposed), typeof(BothTransposed)];

    /// <summary>By name: "Gemm1Naive.Run&lt;Plain&gt;", "Movement.Fill".</summary>
    public static IReadOnlyDictionary<string, MethodInfo> All { get; } = typeof(ThreadGrid).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(ThreadGrid).Namespace && type.IsAbstract && type.IsSealed && !Parts.Contains(type))
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(method => method.ReturnType == typeof(void) && method.GetParameters().Any(parameter =>
            parameter.ParameterType == typeof(ArrayView<float>)
            || parameter.ParameterType == typeof(ArrayView<int>)))
        .SelectMany(Forms)
        .ToDictionary(Name);

    private static IEnumerable<MethodInfo> Forms(MethodInfo method)
    {
        if (!method.IsGenericMethodDefinition)
            return [method];
        bool overRows = method.GetGenericArguments()[0].GetGenericParameterConstraints().Contains(typeof(IRowThreads));
        Type[] types = overRows ? [typeof(OneThread), typeof(ThirtyTwoThreads)] : Layouts;
        return types.Select(type => method.MakeGenericMethod(type));
    }

    private static string Name(MethodInfo method) =>
        $"{method.DeclaringType!.Name}.{method.Name}{(method.IsGenericMethod ? $"<{method.GetGenericArguments()[0].Name}>" : "")}";
}
