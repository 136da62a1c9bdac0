using NativeNN.Backends;
using NativeNN.Backends.Reference;

namespace NativeNN.Tests.Gpu;

/// <summary>Every op's value and gradients on every device against the reference loops.</summary>
[Collection(DeviceTests.Name)]
public sealed class OpCaseTests
{
    public static TheoryData<string> Kinds => [.. TestDevices.Kinds];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Every_op_agrees_with_the_reference(string kind)
    {
        foreach (var device in TestDevices.Require(kind))
            Compare(device);
    }

    internal static void Compare(Backend device)
    {
        foreach (var opCase in OpCase.All)
            Assert.Null(opCase.Difference(ReferenceBackend.Instance, device));
    }
}
