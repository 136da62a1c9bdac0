using NativeNN.Random;

namespace NativeNN.Tests.Random;

public sealed class PhiloxTests
{
    // The known answers that come with the authors' Random123 library.
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u,
        0x24126ea1u)]
    public void Blocks_are_the_published_ones(uint x, uint y, uint z, uint w, uint key0, uint key1, uint a, uint b, uint c, uint d) =>
        Assert.Equal((a, b, c, d), Philox.Block((x, y, z, w), (key0, key1)));

    [Fact]
    public void Masks_keep_the_share_that_was_asked_for_and_differ_from_call_to_call()
    {
        var generator = new Generator(3) { DropoutKernel = DropoutKernel.Philox };
        float[] first = new float[100_001], second = new float[100_001];
        generator.DropoutMask(first, 0.3);
        generator.DropoutMask(second, 0.3);
        foreach (float[] mask in new[] { first, second })
        {
            Assert.All(mask, value => Assert.True(value is 0 or 1 / 0.7f));
            Assert.InRange(mask.Count(value => value != 0) / 100_001.0, 0.693, 0.707); // 0.7 ± 5σ
        }
        Assert.InRange(first.Zip(second).Count(pair => pair.First == pair.Second) / 100_001.0, 0.57, 0.59); // 0.7² + 0.3²
    }
}
