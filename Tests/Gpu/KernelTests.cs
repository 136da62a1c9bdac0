using NativeNN.Gpu;
using NativeNN.Tests.Backends;

namespace NativeNN.Tests.Gpu;

/// <summary>Every kernel case on every device against the reference loops.</summary>
[Collection(DeviceTests.Name)]
public sealed class KernelTests
{
    // A 128×128 tile of the GPU kernels takes an OpenCL CPU device a while, so each version gets a choice of shapes: one cell, k = 0 and 1,
    // vectors, every order of m, n and k, aligned and odd rows, and more than one tile each way.
    private static readonly string[] GemmShapes =
        ["1x10x33", "1x17x64", "5x6x0", "33x10x10", "10x33x1", "12x1x65", "17x18x19", "33x34x35", "64x128x784", "784x1x100", "1x100x784",
            "130x270x300"];

    private static string KernelOf(KernelCase one) => one.Name.Split(' ')[0];

    public static TheoryData<string, string> DevicesAndKernels
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string kind in TestDevices.Kinds)
                foreach (string kernel in KernelCases.All.Select(KernelOf).Distinct())
                    data.Add(kind, kernel);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(DevicesAndKernels))]
    public void Agrees_with_the_reference(string kind, string kernel)
    {
        foreach (var device in TestDevices.Require(kind))
            foreach (var one in KernelCases.All.Where(one => KernelOf(one) == kernel && (kernel != "Gemm" || IsChosen(one))))
                one.Run(device);
    }

    public static TheoryData<string, GemmVersion> DevicesAndGemms
    {
        get
        {
            var data = new TheoryData<string, GemmVersion>();
            foreach (string kind in TestDevices.Kinds)
                foreach (var version in Enum.GetValues<GemmVersion>().Where(version => version != GemmVersion.Auto))
                    data.Add(kind, version);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(DevicesAndGemms))]
    public void Every_version_of_the_matrix_product_takes_every_shape(string kind, GemmVersion version)
    {
        foreach (var device in TestDevices.Require(kind))
        {
            Skip.IfNot(device.Supports(version), $"{device} does not run {version}");
            device.GemmVersion = version;
            try
            {
                foreach (var one in KernelCases.All.Where(IsChosen))
                    one.Run(device);
            }
            finally
            {
                device.GemmVersion = GemmVersion.Auto;
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(DevicesAndGemms))]
    public void The_matrix_product_clamps_at_zero_if_asked(string kind, GemmVersion version)
    {
        foreach (var device in TestDevices.Require(kind))
        {
            Skip.IfNot(device.Supports(version), $"{device} does not run {version}");
            var rig = new Rig(device);
            device.GemmVersion = version;
            var c = rig.Put([5f, 5, 5, 5]);
            // [1 2; 3 4]·[1 0; 0 1] + (−2, 1) = [−1 3; 1 5]
            device.Gemm(false, rig.Put([1f, 2, 3, 4]), false, rig.Put([1f, 0, 0, 1]), c, m: 2, n: 2, k: 2, accumulate: false,
                rig.Put([-2f, 1]), relu: true);
            device.GemmVersion = GemmVersion.Auto;
            Assert.Equal([0, 3, 1, 5], rig.Get(c, 4));
        }
    }

    private static bool IsChosen(KernelCase one)
    {
        string[] words = one.Name.Split(' ');
        return words[0] == "Gemm" && GemmShapes.Contains(words[1]);
    }
}
