using NativeNN.Gpu;
using NativeNN.Gpu.Cuda;
using NativeNN.Gpu.Runtime;
using NativeNN.Tests.Backends;
using Xunit.Sdk;

namespace NativeNN.Tests.Gpu;

/// <summary>
/// All device checks without a test runner: what "NativeNN.Tests device cuda" does on a machine that has a GPU and no .NET.
/// </summary>
internal static class DeviceCheck
{
    public static int Run(string name)
    {
        GpuBackend device;
        try
        {
            device = (GpuBackend)GpuDevices.Open(name, Tensor.DefaultBackend);
        }
        catch (GpuException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 2;
        }
        Console.WriteLine(device.Device);
        int failures = 0;
        foreach (var kernel in KernelCases.All.GroupBy(one => one.Name.Split(' ')[0]))
            failures += Check($"{kernel.Key}, {kernel.Count()} cases", () =>
            {
                foreach (var one in kernel)
                    one.Run(device);
            });
        foreach (var version in Enum.GetValues<GemmVersion>().Where(version => version != GemmVersion.Auto && device.Supports(version)))
            failures += Check($"matrix product {version}", () =>
            {
                device.GemmVersion = version;
                foreach (var one in KernelCases.All.Where(one => one.Name.StartsWith("Gemm ", StringComparison.Ordinal)))
                    one.Run(device);
            });
        device.GemmVersion = GemmVersion.Auto;
        failures += Check($"ops, {OpCase.All.Count} cases", () => OpCaseTests.Compare(device));
        failures += Check("dropout, the device stream's bits", () => DropoutTests.Compare(device));
        failures += Check("50 losses of SGD", () => TrainingTests.CompareSgd(device));
        failures += Check("50 losses of Adam", () => TrainingTests.CompareAdam(device));
        foreach (string title in LectureTests.Titles)
        {
            failures += Check($"50 losses of lecture {title}", () => LectureTests.CompareLosses(title, device));
            failures += Check($"accuracies of lecture {title}", () => LectureTests.CompareAccuracies(title, device));
        }
        if (device.Name.StartsWith("cuda", StringComparison.Ordinal) && File.Exists(BeforeFile))
            failures += Check("version 4 against what it was before ILGPU", () => CompareWithBefore(device));
        Console.WriteLine($"steps sent out as graphs: {device.StepsSubmitted.Graphs}; failures: {failures}");
        return failures == 0 ? 0 : 1;
    }

    // Version 4 as clang compiled it from OpenCL C, with asynchronous copies; it lies beside check-on-gpu.sh until this has been measured.
    private static readonly string BeforeFile = Path.Combine(AppContext.BaseDirectory, "check-on-gpu.gemm4-before.ptx.gz");

    // Prints GFLOP/s of both; fails if their results differ.
    private static void CompareWithBefore(GpuBackend device)
    {
        var module = new PtxModule(device.Runtime, "gemm4-before.ptx", () => PtxModule.Unpacked(File.OpenRead(BeforeFile)));
        var before = module.Load("gemm_warptiled_nn");
        device.GemmVersion = GemmVersion.WarpTiled;
        foreach (int size in new[] { 1024, 2048, 4096 })
        {
            var rig = new Rig(device);
            var (a, b) = (rig.Put(KernelCases.Normal(size * size, seed: 1)), rig.Put(KernelCases.Normal(size * size, seed: 2)));
            var (c, cBefore) = (device.Allocate(size * size), device.Allocate(size * size));
            double now = Best(() => device.Gemm(false, a, false, b, c, size, size, size));
            double then = Best(() => before.OwnStart!(before, new LaunchShape((size + 127) / 128 * ((size + 127) / 128)),
                [Of(a, ArgumentKind.Reads), Of(b, ArgumentKind.Reads), Of(cBefore, ArgumentKind.Writes), Of(cBefore, ArgumentKind.Unused),
                    size, size, size, 0]));
            Console.WriteLine(FormattableString.Invariant(
                $"      {size}: version 4 in C# {Gflops(now):F0} GFLOP/s, before {Gflops(then):F0}, {then / now:F2} times as fast"));
            Assert.Equal(rig.Get(cBefore, size), rig.Get(c, size), (x, y) => Math.Abs(x - y) <= 1e-4f * MathF.Sqrt(size));
            foreach (var storage in new[] { a, b, c, cBefore })
                device.Recycle(storage);

            double Gflops(double milliseconds) => 2.0 * size * size * size / milliseconds * 1e-6;
        }
        device.GemmVersion = GemmVersion.Auto;

        static KernelArgument Of(NativeNN.Backends.Storage storage, ArgumentKind kind) => KernelArgument.Of((GpuStorage)storage, kind);

        // Milliseconds a call: the best of 5 times 10.
        double Best(Action call)
        {
            call();
            return Enumerable.Range(0, 5).Min(_ => device.Time(() =>
            {
                for (int i = 0; i < 10; i++)
                    call();
            })) / 10;
        }
    }

    private static int Check(string what, Action check)
    {
        try
        {
            check();
            Console.WriteLine($"ok    {what}");
            return 0;
        }
        catch (Exception failure) when (failure is XunitException or GpuException)
        {
            Console.WriteLine($"FAIL  {what}: {failure.Message}");
            return 1;
        }
    }
}
