using NativeNN.Analysis;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Are a layer's weights uniform in ±Bound, Bound = 1/√fan_in, as PyTorch draws them? 95% of uniform samples stay within Allowed.
/// </summary>
internal readonly record struct UniformTest(double Bound, double Distance, double Allowed)
{
    // The 5% critical value of a Kolmogorov–Smirnov test over n values is 1.36/√n.
    private const double KolmogorovSmirnov5Percent = 1.36;

    public bool Passes => Distance <= Allowed;

    public static UniformTest Of(float[] weights, int fanIn)
    {
        double bound = 1 / Math.Sqrt(fanIn);
        double distance = Statistics.UniformDistance(weights, -bound, bound);
        return new UniformTest(bound, distance, Allowed: KolmogorovSmirnov5Percent / Math.Sqrt(weights.Length));
    }
}
