using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using Trained = NativeNN.Experiments.Lectures.WeightInit.Trained;

namespace NativeNN.Experiments.Lectures;

/// <summary>What document 004 says about sizes: those that Kaiming's initialisation keeps, and those that float32 can't hold.</summary>
internal sealed class WeightInitRangeClaims(LectureRun run)
{
    private const float LeastNormal = 1.17549435e-38f; // below it float32 loses digits, and then everything

    /// <summary>scales: each initialisation's with ReLU, before training, in the order of <see cref="WeightInitSigmoid"/>.</summary>
    public void JudgeKaiming(string[] names, SumScale[][] scales)
    {
        // The second hidden layer's sums against the first one's, and the gradients that reach the first against the second one's
        double[] sums = [.. scales.Select(layers => layers[1].Std / layers[0].Std)];
        double[] gradients = [.. scales.Select(layers => layers[0].Gradient / layers[1].Gradient)];
        int forward = Nearest(sums), backward = Nearest(gradients);
        run.Claim(
            "Kaiming is designed for ReLU activations",
            $"with ReLU, standard deviation of the weighted sums, {WeightInitClaims.SecondOf(scales[0].Length - 1)} layer against "
                + $"first: {Wording.Pairs(names, sums, "F2")}; "
                + $"of their gradients, first against second: {Wording.Pairs(names, gradients, "F2")} (1 would be stable: {names[forward]} "
                + $"comes nearest forward, {names[backward]} backward)",
            (forward, backward) switch
            {
                (WeightInitSigmoid.Kaiming, WeightInitSigmoid.Kaiming) => Verdict.Holds,
                (WeightInitSigmoid.Kaiming, _) or (_, WeightInitSigmoid.Kaiming) => Verdict.Partly,
                _ => Verdict.DoesNotHold,
            },
            anyLength: true);

        static int Nearest(double[] ratios)
        {
            double[] distances = [.. ratios.Select(r => Math.Abs(Math.Log(r)))];
            return Array.IndexOf(distances, distances.Min());
        }
    }

    /// <summary>unusual: half huge, half tiny; low: all tiny, and the gradients of one image before its training.</summary>
    public void JudgePrecision(Trained unusual, Trained low, WeightInitGradients gradients)
    {
        bool overflows = unusual.Recording.DivergedAtStep is not null;
        float[] sizes = [.. gradients.Parameters.SelectMany(p => p.Values).Select(MathF.Abs)];
        float least = sizes.Min();
        bool underflows = least < LeastNormal;
        float[] before = low.Initial.Weights, after = low.Final.Weights;
        double unmoved = before.Zip(after).Count(w => w.First == w.Second) / (double)before.Length;
        run.Claim(
            "Unusual weights: numerical overflow/underflow",
            $"half at ·100: the loss {(overflows ? $"overflows at step {unusual.Recording.DivergedAtStep}" : "stays finite")}; all at "
                + $"·10⁻⁸: the smallest gradient is {Notation.Short(least)}, float32 holds {Notation.Short(LeastNormal)} in full; but "
                + $"{unmoved:0.0%} of the weights end with the very bits they began with: what training adds is lost in rounding",
            (overflows, underflows) switch
            {
                (true, true) => Verdict.Holds,
                (false, false) => Verdict.DoesNotHold,
                _ => Verdict.Partly,
            },
            anyLength: overflows);
    }
}
