using NativeNN.Backends.Simd;
using NativeNN.Tests.Backends;

namespace NativeNN.Tests;

/// <summary>Entry point of the process that KernelParityTests starts with vector instructions switched off: runs all cases, prints the lane count.</summary>
internal static class Program
{
    private static void Main()
    {
        foreach (var one in KernelCases.All)
            one.Run(SimdBackend.Default);
        Console.WriteLine(SimdBackend.Default.LaneCount);
    }
}
