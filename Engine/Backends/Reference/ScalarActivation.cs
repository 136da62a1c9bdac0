using MathNet.Numerics;

namespace NativeNN.Backends.Reference;

/// <summary>y = f(x) and dX = dY·f'(x) of every Activation, one number at a time.</summary>
internal static class ScalarActivation
{
    /// <summary>From here on softplus is x itself, as in PyTorch.</summary>
    public const float SoftplusThreshold = 20;

    public static float Value(Activation kind, float x, float alpha) => kind switch
    {
        Activation.Relu => x < 0 ? 0 : x,
        Activation.LeakyRelu => x > 0 ? x : alpha * x,
        Activation.Sigmoid => 1 / (1 + MathF.Exp(-x)),
        Activation.Tanh => MathF.Tanh(x),
        Activation.Elu => x > 0 ? x : (float)(alpha * ExpMinusOne(x)),
        Activation.Gelu => (float)(x * NormalCdf(x)),
        Activation.Softplus => x > SoftplusThreshold ? x : (float)LogOnePlusExp(x),
        Activation.Exp => MathF.Exp(x),
        Activation.Abs => MathF.Abs(x),
        Activation.Square => x * x,
        Activation.Sqrt => MathF.Sqrt(x),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static float Gradient(Activation kind, float x, float y, float dY, float alpha) => kind switch
    {
        Activation.Relu => y <= 0 ? 0 : dY, // as PyTorch: 0 whatever dY, and dY where y is NaN
        _ => dY * Slope(kind, x, y, alpha),
    };

    private static float Slope(Activation kind, float x, float y, float alpha) => kind switch
    {
        Activation.LeakyRelu => x > 0 ? 1 : alpha,
        Activation.Sigmoid => y * (1 - y),
        Activation.Tanh => 1 - y * y,
        Activation.Elu => x > 0 ? 1 : y + alpha,
        Activation.Gelu => (float)(NormalCdf(x) + x * NormalDensity(x)),
        Activation.Softplus => x > SoftplusThreshold ? 1 : 1 / (1 + MathF.Exp(-x)),
        Activation.Exp => y,
        Activation.Abs => float.IsNaN(x) ? x : MathF.Sign(x),
        Activation.Square => 2 * x,
        Activation.Sqrt => 0.5f / y,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static double NormalCdf(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    private static double NormalDensity(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    // Series near 0, where e^x − 1 would cancel.
    private static double ExpMinusOne(double x) => Math.Abs(x) < 1e-5 ? x + 0.5 * x * x : Math.Exp(x) - 1;

    private static double LogOnePlusExp(double x)
    {
        double e = Math.Exp(x);
        return e < 1e-8 ? e : Math.Log(1 + e);
    }
}
