using NativeNN.Random;

namespace NativeNN;

/// <summary>
/// The result of a gradient check: Error = max |analytic − numeric| / max(|analytic|, |numeric|) over an input, the worst input's. Kinks:
/// how many elements lie so near to a kink that they have two slopes, Backward's between them; those count as no error.
/// </summary>
public sealed record GradCheckResult(double Error, string Worst, int Kinks = 0)
{
    /// <summary>Right ops stay below 1e-4 in float32; a missing transpose, mask or 1/n shows as 0.3 and more.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>Whether Error is within Tolerance.</summary>
    public bool Passed => Error <= Tolerance;

    /// <summary>"passed", "FAILED", or "kink": passed but for elements that have no slope.</summary>
    public string Verdict => !Passed ? "FAILED" : Kinks > 0 ? "kink" : "passed";

    /// <summary>One line with the verdict, the error and where it is largest.</summary>
    public override string ToString() => $"{Verdict}: relative error {Error:0.0e+00} at {Worst}";
}

/// <summary>Compares Backward() with the slope measured by moving each input element a little: the definition of a derivative.</summary>
public static class GradCheck
{
    // In float32 the textbook step 1e-5 drowns in rounding (errors of 0.1). A large step with the four-point formula has an error of h⁴:
    // f'(x) ≈ [8(f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h))] / 12h
    private const float Step = 1e-2f;

    private const double KinkJump = 0.1; // of the largest slope; a curve's two sides differ by 2 steps times its second derivative

    /// <summary>
    /// Checks ∂L/∂input for every input that requires a gradient, with L = Σ w∘f(inputs) for fixed random w in [0.5, 1.5). A plain sum
    /// would hide errors: the rows of a softmax always sum to 1. Throws if f's result changes between calls with equal inputs.
    /// </summary>
    public static GradCheckResult Run(Func<Tensor[], Tensor> f, Tensor[] inputs, Generator generator)
    {
        foreach (var input in inputs)
            input.Grad = null;
        var y = f(inputs);
        var weights = new float[y.Length];
        generator.Uniform(weights, 0.5, 1.5);
        var first = y.ToArray();
        y.Backward(Tensor.From(weights, y.Shape, y.Backend));
        if (!first.AsSpan().SequenceEqual(f(inputs).ToArray()))
            throw new InvalidOperationException("GradCheck: f gave two results for the same inputs; seed its generator inside f");

        double Loss()
        {
            using var _ = new NoGrad();
            double sum = 0;
            var values = f(inputs).ToArray();
            for (int i = 0; i < values.Length; i++)
                sum += (double)weights[i] * values[i];
            return sum;
        }

        var worst = new GradCheckResult(0, "nowhere");
        for (int n = 0; n < inputs.Length; n++)
        {
            if (!inputs[n].RequiresGrad)
                continue;
            var analytic = inputs[n].Grad?.ToArray() ?? new float[inputs[n].Length];
            var numeric = Slopes(inputs[n], Loss);
            double scale = Math.Max(1e-3, analytic.Concat(numeric.Select(v => (float)v.Both)).Max(Math.Abs));
            for (int i = 0; i < analytic.Length; i++)
            {
                double error = Math.Abs(analytic[i] - numeric[i].Both) / scale;
                if (error > GradCheckResult.Tolerance && IsKink(analytic[i], numeric[i], scale))
                    worst = worst with { Kinks = worst.Kinks + 1 };
                else if (!(error <= worst.Error)) // a NaN counts as worst
                    worst = worst with
                    {
                        Error = error,
                        Worst = $"input {n}, element {i}: Backward says {analytic[i]}, measured {(float)numeric[i].Both}",
                    };
            }
        }
        return worst;
    }

    // Two sides that differ by far more than a curve bends within two steps, and a derivative that is one of them or between.
    private static bool IsKink(double analytic, (double Both, double Left, double Right) slope, double scale)
    {
        double low = Math.Min(slope.Left, slope.Right), high = Math.Max(slope.Left, slope.Right);
        double rounding = GradCheckResult.Tolerance * scale;
        return high - low > KinkJump * scale && analytic >= low - rounding && analytic <= high + rounding;
    }

    private static (double Both, double Left, double Right)[] Slopes(Tensor input, Func<double> loss)
    {
        var values = input.ToArray();
        var slopes = new (double, double, double)[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            float x = values[i];
            double At(float moved)
            {
                values[i] = moved;
                input.Set(values);
                return loss();
            }
            // The steps that float32 really makes: x + h rounds.
            float far = x + 2 * Step, near = x + Step, nearBack = x - Step, farBack = x - 2 * Step;
            double right = At(far), left = At(farBack);
            double both = (4 * (At(near) - At(nearBack)) / (near - nearBack) - (right - left) / (far - farBack)) / 3;
            double here = At(x);
            slopes[i] = (both, (here - left) / (x - farBack), (right - here) / (far - x));
        }
        return slopes;
    }
}
