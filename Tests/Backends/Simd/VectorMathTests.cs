using NativeNN.Backends;
using NativeNN.Backends.Simd;

namespace NativeNN.Tests.Backends.Simd;

/// <summary>
/// Every 1,000th or so of all floats, through the widest lanes, against double precision. The reference loops take the same steps
/// (ScalarTests), so what stands here holds for them too.
/// </summary>
public class VectorMathTests
{
    private static readonly bool Fused = SimdBackend.FusesMultiplyAdd;

    [Fact]
    public void ExpIsWithinOneUlp() => Check(Activation.Exp, Math.Exp, x => MathF.Abs(x) < 200, ulps: Fused ? 1 : 2);

    [Fact]
    public void SigmoidIsWithinTwoUlp() => Check(Activation.Sigmoid, Sigmoid, x => x > -87 && x < 200, ulps: Fused ? 2 : 3);

    [Fact]
    public void TanhIsWithinOneUlpEvenNextToZero() =>
        Check(Activation.Tanh, Math.Tanh, _ => true, ulps: Fused ? 1 : 4);

    [Fact]
    public void EluIsWithinOneUlpEvenNextToZero() =>
        Check(Activation.Elu, x => x > 0 ? x : ExpMinusOne(x), _ => true, ulps: Fused ? 1 : 3);

    [Fact]
    public void SoftplusIsWithinTwoUlp() =>
        Check(Activation.Softplus, x => x > 20 ? x : LogOnePlus(Math.Exp(x)), x => x > -87, ulps: Fused ? 2 : 3);

    // What the formulas in double precision give where an exponential overflows, underflows or meets a threshold, and for infinities and
    // NaN.
    [Fact]
    public void CornersComeOutAsInDoublePrecision()
    {
        var formulas = new (Activation Kind, Func<double, double> F, Func<double, double> Slope)[]
        {
            (Activation.Sigmoid, Sigmoid, x => Sigmoid(x) * (1 - Sigmoid(x))),
            (Activation.Tanh, Math.Tanh, x => 1 - Math.Tanh(x) * Math.Tanh(x)),
            (Activation.Elu, x => x > 0 ? x : ExpMinusOne(x), x => x <= 0 ? Math.Exp(x) : 1),
            (Activation.Gelu, x => x * NormalCdf(x), x => NormalCdf(x) + x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI)),
            (Activation.Softplus, x => x > 20 ? x : LogOnePlus(Math.Exp(x)), x => x > 20 ? 1 : Sigmoid(x)),
            (Activation.Exp, Math.Exp, Math.Exp),
        };
        foreach (var (kind, f, slope) in formulas)
            foreach (float x in KernelCases.Corners.Where(x => kind != Activation.Gelu || Math.Abs(x) < 1e5))
            {
                float y = ScalarActivation.Value(kind, x, alpha: 1);
                Near($"{kind}({x:R})", (float)f(x), y);
                Near($"{kind}'({x:R})", (float)slope(x), ScalarActivation.Gradient(kind, x, y, dY: 1, alpha: 1));
            }
    }

    private static void Near(string what, float expected, float actual) => Assert.True(
        expected.Equals(actual) || Math.Abs(actual - expected) <= 1e-5 * Math.Max(Math.Abs(expected), 1e-2),
            $"{what} is {actual:R}, exactly {expected:R}");

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double ExpMinusOne(double x) => Math.Abs(x) < 1e-5 ? x + 0.5 * x * x : Math.Exp(x) - 1;

    private static double LogOnePlus(double e) => e < 1e-8 ? e : Math.Log(1 + e);

    private static double NormalCdf(double x) => 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-x / Math.Sqrt(2));

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
