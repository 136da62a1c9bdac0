using NativeNN.Gpu;
using NativeNN.Tests.Backends;

namespace NativeNN.Tests.Gpu;

/// <summary>Every kernel case on every device against the reference loops.</summary>
public sealed class KernelTests
{
    public static TheoryData<string, string> DevicesAndKernels
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string kind in TestDevices.Kinds)
                foreach (string kernel in KernelCases.All.Select(one => one.Name.Split(' ')[0]).Distinct())
                    data.Add(kind, kernel);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(DevicesAndKernels))]
    public void Agrees_with_the_reference(string kind, string kernel)
    {
        foreach (var device in TestDevices.Require(kind))
            foreach (var one in KernelCases.All.Where(one => one.Name.Split(' ')[0] == kernel))
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
                foreach (var one in KernelCases.All.Where(one => one.Name.StartsWith("Gemm ", StringComparison.Ordinal)))
                    one.Run(device);
            }
            finally
            {
                device.GemmVersion = GemmVersion.Auto;
            }
        }
    }
}
