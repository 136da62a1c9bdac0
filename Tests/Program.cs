using NativeNN.Backends.Simd;
using NativeNN.Tests.Backends;

namespace NativeNN.Tests;

/// <summary>Entry point of the process that KernelParityTests starts with vector instructions switched off: runs all cases, prints the
/// lane count, whether products are fused, and digests of the results.
/// With "device NAME" it runs every check of a device instead (Engine.Gpu/check-on-gpu.sh), with "threads NAME" it opens the device from
/// four threads at once. For Tests/check-arm64.sh: "digests" prints the last line alone, "tests WORD…" runs tests.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        Gpu.TestDevices.AcceptOldPocl();
        if (args is ["device", var device])
            return Gpu.DeviceCheck.Run(device);
        if (args is ["threads", var shared])
            return Gpu.ThreadTests.OpenFromFourThreads(shared);
        if (args is ["tests", .. var words])
            return TestRun.Run(words);
        if (args is not ["digests"])
            foreach (var one in KernelCases.All)
                one.Run(SimdBackend.Default);
        Console.WriteLine($"{SimdBackend.Default.LaneCount} {SimdBackend.FusesMultiplyAdd} {ResultDigest.OfSums()} "
            + ResultDigest.OfEverything());
        return 0;
    }
}
