using NativeNN.Random;
using NativeNN.Tests.Backends;

namespace NativeNN.Tests.Gpu;

[Collection(DeviceTests.Name)]
public sealed class DropoutTests
{
    public static TheoryData<string> Kinds => [.. TestDevices.Kinds];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void The_device_stream_has_the_same_bits_everywhere(string kind)
    {
        foreach (var device in TestDevices.Require(kind))
            Compare(device);
    }

    internal static void Compare(NativeNN.Backends.Backend device)
    {
        foreach (int count in new[] { 1, 3, 4, 5, 1000, 4099 })
            foreach (double p in new[] { 0.1, 0.5, 0.999 })
            {
                Generator here = new(5) { DropoutKernel = DropoutKernel.Philox }, there = new(5) { DropoutKernel = DropoutKernel.Philox };
                var expected = new float[count];
                here.DropoutMask(expected, p);
                var mask = device.Allocate(count);
                device.DropoutMask(mask, count, p, there);
                Assert.Equal(expected, new Rig(device).Get(mask, count));
                Assert.Equal(here.NextUInt32(), there.NextUInt32()); // and both leave the generator in the same state
            }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void PyTorch_s_stream_is_drawn_on_the_host(string kind)
    {
        foreach (var device in TestDevices.Require(kind))
        {
            var expected = new float[100];
            new Generator(6).DropoutMask(expected, 0.3);
            var mask = device.Allocate(100);
            device.DropoutMask(mask, 100, 0.3, new Generator(6));
            Assert.Equal(expected, new Rig(device).Get(mask, 100));
        }
    }
}
