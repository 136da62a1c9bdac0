using NativeNN.Backends;
using NativeNN.Backends.Simd;

namespace NativeNN.Tests.Backends.Simd;

/// <summary>Every 1,000th or so of all floats, through the widest lanes, against double precision.</summary>
public class VectorMathTests
{
    [Fact]
    public void ExpIsWithinTwoUlp() => Check(Activation.Exp, Math.Exp, x => MathF.Abs(x) < 200, ulps: 2);

    [Fact]
    public void SigmoidIsWithinThreeUlp() => Check(Activation.Sigmoid, x => 1 / (1 + Math.Exp(-x)), x => x > -87 && x < 200, ulps: 3);

    [Fact]
    public void TanhIsWithinFourUlpEvenNextToZero() => Check(Activation.Tanh, Math.Tanh, _ => true, ulps: 4);

    [Fact]
    public void EluIsWithinThreeUlpEvenNextToZero() =>
        Check(Activation.Elu, x => x > 0 ? x : Math.Abs(x) < 1e-5 ? x + 0.5 * x * x : Math.Exp(x) - 1, _ => true, ulps: 3);

    [Fact]
    public void SoftplusIsWithinThreeUlp() =>
        Check(Activation.Softplus, x => x > 20 ? x : Math.Exp(x) is < 1e-8 and var e ? e : Math.Log(1 + Math.Exp(x)), x => x > -87, ulps: 3);

    private static void Check(Activation kind, Func<double, double> exact, Func<float, bool> domain, double ulps)
    {
        const uint step = 1013;
        var inputs = new List<float>();
        for (ulong bits = 0; bits <= uint.MaxValue; bits += step)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits);
            if (float.IsFinite(x) && domain(x))
                inputs.Add(x);
        }
        var backend = SimdBackend.Default;
        Storage from = backend.Allocate(inputs.Count), to = backend.Allocate(inputs.Count);
        backend.Write(inputs.ToArray(), from);
        backend.Activate(kind, from, to, inputs.Count, alpha: 1);
        var outputs = new float[inputs.Count];
        backend.Read(to, outputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            double expected = exact(inputs[i]);
            float nearest = (float)expected;
            if (outputs[i] == nearest)
                continue;
            // Where an ulp is denormal, one of the smallest normal number counts.
            double ulp = Math.Max(MathF.BitIncrement(MathF.Abs(nearest)) - (double)MathF.Abs(nearest), 1.4e-45);
            Assert.True(Math.Abs(outputs[i] - expected) <= ulps * ulp,
                $"{kind}({inputs[i]:R}) is {outputs[i]:R}, exactly {expected:R}: {Math.Abs(outputs[i] - expected) / ulp:F2} ulp off");
        }
    }
}
