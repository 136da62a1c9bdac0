using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// What document 000 says that weights and biases tell about a network: offsets, saturation, too little training, performance, symmetry.
/// trainings: the document's own first, then the explorations.
/// </summary>
internal sealed class WeightHistogramsDiagnosis(LectureRun run, Snapshot initial, IReadOnlyList<TrainingEnd> trainings)
{
    private const double Learned = 0.9; // the test accuracy that speeds are compared by
    private const double Related = 0.5; // a correlation above it counts

    private readonly TrainingEnd sgd = trainings[0];

    /// <summary>'View biases': do they converge, and to offsets?</summary>
    public void JudgeBiases(IReadOnlyList<BiasPath> layers)
    {
        if (layers.Count == 0)
            return;
        int some = Math.Max(1, layers[0].Steps.Length / 10);
        double[] early = [.. layers.Select(l => l.Steps.Take(some).Average())];
        double[] late = [.. layers.Select(l => l.Steps.TakeLast(some).Average())];
        int atRest = early.Zip(late).Count(s => s.Second < s.First / 10);
        bool inCommon = layers.Any(l => Math.Abs(Statistics.Mean(l.End)) > Statistics.Std(l.End));
        string places = string.Join(", ", layers.Select(l =>
            $"{l.Name} mean {Notation.Fixed(Statistics.Mean(l.Start), 3)} → {Notation.Fixed(Statistics.Mean(l.End), 3)} (standard "
            + $"deviation {Statistics.Std(l.Start):F3} → {Statistics.Std(l.End):F3})"));
        run.Claim(
            "Biases: do they converge to particular offsets?",
            $"{places}; a bias moves by {Wording.List(early, "F4")} in an epoch at first, by {Wording.List(late, "F4")} in the last ones: "
                + $"{atRest} of {layers.Count} layers have come to rest, with less than a tenth of that"
                + (inCommon ? "" : "; no layer has an offset in common, each bias settles at a place of its own"),
            atRest == layers.Count ? Verdict.Holds : atRest > 0 ? Verdict.Partly : Verdict.DoesNotHold);
    }

    /// <summary>The spread of the weights against test accuracy: over the epochs, and over the trainings' ends.</summary>
    public void JudgePerformance()
    {
        double correlation = Correlation(sgd.Spreads, sgd.Recording.TestAccuracies);
        string ends = string.Join(", ", trainings.Select(t => $"{t.Name} {t.Std:F3} with {t.TestAccuracy:0.0%}"));
        // Two trainings as good as one another whose weights are not alike: the spread is not the accuracy.
        bool indirect = trainings.Any(a => trainings.Any(b =>
            Math.Abs(a.TestAccuracy - b.TestAccuracy) < 0.005 && a.Std > 1.2 * b.Std));
        run.Claim(
            "Weight distributions don't directly give the accuracy, but they do correlate with it",
            $"spread of the weights and test accuracy over the epochs of {sgd.Name}: correlation {Notation.Fixed(correlation, 2)}; "
                + $"standard deviations and accuracies of the trainings' ends: {ends}"
                + (indirect ? ": equally good ones are not equally wide" : ""),
            correlation > Related ? indirect ? Verdict.Holds : Verdict.Partly : Verdict.DoesNotHold);
    }

    /// <summary>Do wider weights come with more units and answers that nothing moves any more?</summary>
    public void JudgeSaturation()
    {
        var widest = trainings.MaxBy(t => t.Std)!;
        bool units = trainings.All(t => t.Saturation.Silent <= widest.Saturation.Silent) && widest.Saturation.Silent > 0;
        double[] sure = [.. trainings.OrderBy(t => t.Std).Select(t => t.Saturation.Sure)];
        bool answers = sure.Zip(sure.Skip(1)).All(p => p.First <= p.Second) && sure[^1] > 0;
        string ends = string.Join("; ", trainings.Select(t => $"{t.Name} {t.Std:F3}: {t.Saturation.Describe()}"));
        run.Claim(
            "Weight distributions can diagnose over-saturation (weights growing too large)",
            $"standard deviation of the weights, and on the test images: {ends}; the widest, {widest.Name}, has "
                + $"{(units ? "" : "not ")}the most silent units, and sure answers {(answers ? "" : "don't ")}grow with the "
                + "spread throughout",
            (units, answers) switch
            {
                (true, true) => Verdict.Holds,
                (false, false) => Verdict.DoesNotHold,
                _ => Verdict.Partly,
            });
    }

    /// <summary>How much of the histogram's change is made when the network has learned most of what it will?</summary>
    public void JudgeUnderTraining()
    {
        double[] moved = sgd.Moved;
        int? learned = sgd.Recording.FirstEpochWith(Learned);
        double correlation = Correlation(moved, sgd.Recording.TestAccuracies);
        double part = learned is { } epoch ? moved[epoch - 1] / moved[^1] : double.NaN;
        run.Claim(
            "Weight distributions can diagnose under-training (weights staying near zero)",
            $"test accuracy {sgd.Recording.TestAccuracies[0]:0.0%} after the first epoch, when {moved[0]:0.0%} of the histogram has moved"
                + (learned is null ? ", and 90% in none" : $", and 90% in epoch {learned}, when {moved[learned.Value - 1]:0.0%} has")
                + $"; {moved[^1]:0.0%} in the end, with {sgd.TestAccuracy:0.0%}; their correlation over the epochs is "
                + Notation.Fixed(correlation, 2),
            learned is null ? Verdict.TooShort
                : correlation <= Related ? Verdict.DoesNotHold : part > 0.5 ? Verdict.Holds : Verdict.Partly);
    }

    /// <summary>Neurons that start at random against neurons that start alike, whose gradients' spread this is.</summary>
    public void JudgeSymmetry(double gradientSpreadFromOneValue)
    {
        var (before, after) = (Hidden(initial), Hidden(sgd.Final));
        bool differ = before.Concat(after).All(cosine => cosine < 0.99), stayAlike = gradientSpreadFromOneValue == 0;
        run.Claim(
            "Uniform random weights avoid symmetry between neurons",
            $"the two neurons most alike of each hidden layer have a cosine of {Wording.List(before, "F2")} before training, "
                + $"{Wording.List(after, "F2")} after; if all parameters start at one value, the gradients of a layer's neurons differ by "
                + $"{Notation.Short(gradientSpreadFromOneValue)}" + (stayAlike ? ", so they stay one neuron for ever" : ""),
            differ ? stayAlike ? Verdict.Holds : Verdict.Partly : Verdict.DoesNotHold,
            anyLength: true);

        static double[] Hidden(Snapshot snapshot) => [.. LayerMatrix.Of(snapshot).SkipLast(1).Select(NeuronLikeness.Largest)];
    }

    /// <summary>The same training with weight decay.</summary>
    public void JudgeRegularization()
    {
        var decayed = trainings.Single(t => t.Name == "weight-decay");
        float largest = sgd.Final.Weights.Max(MathF.Abs), decayedLargest = decayed.Final.Weights.Max(MathF.Abs);
        bool smaller = decayedLargest < largest, narrower = decayed.Std < sgd.Std;
        run.Claim(
            "Regularisation (like weight decay) can constrain how large weights become",
            $"largest |w| {largest:F3} without, {decayedLargest:F3} with weight decay {WeightHistograms.WeightDecay}; standard deviation "
                + $"{sgd.Std:F4} and {decayed.Std:F4}",
            smaller && narrower ? Verdict.Holds : smaller || narrower ? Verdict.Partly : Verdict.DoesNotHold);
    }

    // NaN where there is nothing to correlate
    private static double Correlation(double[] values, IReadOnlyList<double> accuracies) => Statistics.Correlation(values, [.. accuracies]);
}
