using NativeNN.Gpu;
using NativeNN.Tests.Backends;
using Xunit.Sdk;

namespace NativeNN.Tests.Gpu;

/// <summary>All device checks without a test runner: what "NativeNN.Tests device cuda" does on a machine that has a GPU and no .NET.</summary>
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
        Console.WriteLine($"steps sent out as graphs: {device.StepsSubmitted.Graphs}; failures: {failures}");
        return failures == 0 ? 0 : 1;
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
