using NativeNN.Random;

namespace NativeNN.Tests.Random;

public class GeneratorTests
{
    public static TheoryData<int> Sizes => [0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 63, 623, 624, 625, 1300];

    [Fact]
    public void VectorTwistEqualsTheScalarRecurrence()
    {
        uint[] vector = new uint[Mt19937.StateSize];
        for (int k = 0; k < vector.Length; k++)
            vector[k] = (uint)(k * 2654435761u) ^ 0x5bd1e995u;
        uint[] scalar = [.. vector];
        for (int round = 0; round < 5; round++)
        {
            Mt19937.TwistVector(vector);
            Mt19937.TwistScalar(scalar, from: 0, to: Mt19937.StateSize);
            Assert.Equal(scalar, vector);
        }
        uint[] tempered = new uint[Mt19937.StateSize];
        Mt19937.Temper(vector, tempered);
        Assert.Equal(scalar.Select(Mt19937.Temper), tempered);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(0.5f, 2f)]
    [InlineData(-3f, 1e-4f)]
    public void VectorNormalsEqualTheScalarOnesBitForBit(float mean, float std)
    {
        float[] vector = new float[16 * 4096];
        new Generator(7).Rand(vector);
        vector[0] = 0f; // the two ends of the uniforms: ln 1 = 0 and ln 2⁻²⁴
        vector[1] = 1f - MathF.ScaleB(1f, -24);
        vector[8] = 0f;
        vector[9] = 1f - MathF.ScaleB(1f, -24);
        float[] scalar = [.. vector];
        NormalBlocks.TransformVector(vector, mean, std);
        NormalBlocks.TransformScalar(scalar, mean, std);
        Assert.Equal(Bits(scalar), Bits(vector));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void UniformsEqualTheirDefinitionOneByOne(int size)
    {
        float[] values = new float[size];
        var bulk = new Generator(3);
        var single = new Generator(3);
        _ = (bulk.NextUInt32(), single.NextUInt32()); // start off the vector grid
        bulk.Uniform(values, -0.25, 0.75);
        foreach (float v in values)
            Assert.Equal(MathF.FusedMultiplyAdd((single.NextUInt32() & 0xffffff) / 16777216f, 1f, -0.25f), v);
        Assert.Equal(single.NextUInt32(), bulk.NextUInt32());
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void MasksEqualTheirDefinitionOneByOne(int size)
    {
        foreach (int skip in new[] { 0, 1 })
        {
            float[] mask = new float[size];
            var bulk = new Generator(11);
            var single = new Generator(11);
            for (int k = 0; k < skip; k++)
                _ = (bulk.NextUInt32(), single.NextUInt32()); // an odd start lets a pair lie across a twist
            bulk.DropoutMask(mask, p: 0.3);
            foreach (float m in mask)
            {
                double x = (single.NextUInt64() & ((1UL << 53) - 1)) / (double)(1L << 53);
                Assert.Equal(x < 1 - 0.3 ? 1f / (float)(1 - 0.3) : 0f, m);
            }
            Assert.Equal(single.NextUInt32(), bulk.NextUInt32());
        }
    }

    [Fact]
    public void DropoutDrawsNothingAtItsTwoEnds()
    {
        var generator = new Generator(5);
        float[] mask = new float[10];
        generator.DropoutMask(mask, p: 0);
        Assert.All(mask, m => Assert.Equal(1f, m));
        generator.DropoutMask(mask, p: 1);
        Assert.All(mask, m => Assert.Equal(0f, m));
        Assert.Equal(new Generator(5).NextUInt32(), generator.NextUInt32());
    }

    [Fact]
    public void MklMasksCostOneWordForAWholeTensor()
    {
        var generator = new Generator(5) { DropoutKernel = DropoutKernel.Mkl };
        generator.DropoutMask(new float[100_000], p: 0.5);
        var other = new Generator(5);
        _ = other.NextUInt32();
        Assert.Equal(other.NextUInt32(), generator.NextUInt32());
    }

    [Fact]
    public void StateHoldsTheCachedNormalTheSeedAndTheKernel()
    {
        var generator = new Generator(-9) { DropoutKernel = DropoutKernel.Mkl };
        generator.Normal(new float[3], 0, 1); // leaves the fourth normal waiting
        generator.Rand(new float[700]);
        byte[] state = generator.GetState();

        float[] Continue(Generator from)
        {
            float[] values = new float[900];
            from.Normal(values.AsSpan(0, 5), 1, 2);
            from.DropoutMask(values.AsSpan(5, 95), 0.4);
            from.Normal(values.AsSpan(100), 0, 1);
            return values;
        }
        float[] expected = Continue(generator);
        var restored = new Generator(1);
        restored.SetState(state);
        Assert.Equal(Bits(expected), Bits(Continue(restored)));
        Assert.Equal(-9, restored.InitialSeed);
        Assert.Equal(DropoutKernel.Mkl, restored.DropoutKernel);

        generator.SetState(state); // rewinding works too, and seeding drops the waiting normal
        generator.ManualSeed(4);
        float[] fresh = new float[2], seeded = new float[2];
        new Generator(4).Normal(fresh, 0, 1);
        generator.Normal(seeded, 0, 1);
        Assert.Equal(fresh, seeded);
    }

    [Fact]
    public void DamagedStatesAreRefusedAndChangeNothing()
    {
        var generator = new Generator(2);
        byte[] state = generator.GetState();
        byte[] cut = state[..^1], foreign = [.. state], position = [.. state], kernel = [.. state];
        foreign[0] = (byte)'X';
        position[13] = 0x7f;
        kernel[16] = 9;
        foreach (byte[] bad in new[] { [], cut, foreign, position, kernel })
            Assert.Throws<ArgumentException>(() => generator.SetState(bad));
        Assert.Equal(new Generator(2).NextUInt32(), generator.NextUInt32());
    }

    [Fact]
    public void OnlyTheLowWordOfASeedCounts()
    {
        Assert.Equal(new Generator(42).NextUInt32(), new Generator((1L << 32) + 42).NextUInt32());
        Assert.Equal(new Generator(-1).NextUInt32(), new Generator(uint.MaxValue).NextUInt32());
    }

    [Fact]
    public void IntegersStayInTheirInterval()
    {
        var generator = new Generator(1);
        for (int k = 0; k < 1000; k++)
            Assert.InRange(generator.RandInt(-3, 4), -3, 3);
        Assert.InRange(generator.RandInt(long.MinValue, long.MaxValue), long.MinValue, long.MaxValue - 1);
        Assert.Throws<ArgumentException>(() => generator.RandInt(5, 5));
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
