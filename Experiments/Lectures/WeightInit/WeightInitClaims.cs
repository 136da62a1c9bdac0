using System.Globalization;
using NativeNN.Experiments.Reports;
using Trained = NativeNN.Experiments.Lectures.WeightInit.Trained;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements and questions of document 004 and what this run measured about each.</summary>
internal sealed class WeightInitClaims(LectureRun run, double[] classes)
{
    private const double Chance = 0.1;
    private const double NotLearning = 0.2; // an accuracy below this
    private const double Tie = 0.005; // accuracies on 10,000 images this close are the same

    public void JudgeZero(Trained zero, WeightInitGradients gradients)
    {
        var recording = zero.Recording;
        double start = Math.Log(10), entropy = -classes.Where(f => f > 0).Sum(f => f * Math.Log(f)), fall = start - recording.TrainLosses[^1];
        float[] bias = zero.Final.ByName[^1].Values;
        double gap = Softmax(bias).Zip(classes, (p, f) => Math.Abs(p - f)).Max();
        run.Claim("Zero weights: the model does not learn at all, the loss stays constant",
            $"the loss goes from ln 10 = {start:F4} to {recording.TrainLosses[^1]:F4}, towards the entropy of the digits' frequencies, {entropy:F4}; the output bias learns them: its softmax is within {gap:0.00%} of each",
            Math.Abs(fall) < 1e-4 ? Verdict.Holds : Math.Abs(fall) < 0.05 ? Verdict.Partly : Verdict.DoesNotHold);

        double accuracy = recording.TrainAccuracies[^1];
        var (digit, share) = Favourite(recording);
        run.Claim("Zero weights: accuracy remains around 0.1, random guessing among 10 classes",
            $"{accuracy:0.00%}, but not by guessing: {share:0.0%} of the last epoch's predictions are the digit {digit}, which {classes[digit]:0.00%} of the images are",
            Math.Abs(accuracy - Chance) > 0.02 ? Verdict.DoesNotHold : share < 0.5 ? Verdict.Holds : Verdict.Partly);

        bool alike = Hidden(zero).All(spread => spread == 0);
        var nothing = gradients.Parameters.Where(p => p.Values.All(v => v == 0)).Select(p => p.Name).ToList();
        run.Claim("Zero weights: all neurons compute the same, receive identical gradients and remain identical",
            $"the gradients of {string.Join(", ", nothing)} are exactly zero, so these never move (largest difference between two hidden neurons: {Hidden(zero).Max():G3}); the outputs do differ: their biases get gradients of their own and end between {bias.Min():F3} and {bias.Max():F3}",
            !alike ? Verdict.DoesNotHold : bias.Max() == bias.Min() ? Verdict.Holds : Verdict.Partly);
    }

    public void JudgeConstant(Trained constant, WeightInitGradients fresh, WeightInitGradients trained)
    {
        var recording = constant.Recording;
        double[] last = recording.Of("symmetry")[^1]; // rows, columns, largest |w| of each matrix
        bool alike = Hidden(constant).All(spread => spread == 0);
        run.Claim("Constant weights: all neurons in each layer have identical weights",
            $"largest difference between two neurons of a hidden layer after any epoch: {Hidden(constant).Max():G3}; the 10 output neurons differ by up to {last[6]:G3}, since each has its own target",
            !alike ? Verdict.DoesNotHold : last[6] == 0 ? Verdict.Holds : Verdict.Partly);
        bool single = alike && recording.Of("symmetry").All(s => s[4] == 0 && s[7] == 0);
        run.Claim("Constant weights: the network behaves like a single neuron per layer",
            $"hidden neurons differ by {Hidden(constant).Max():G3}, the weights that read them (columns of layers 1 and 2) by {last[4]:G3} and {last[7]:G3}{(single ? ": only one number of an image gets through" : "")}", single);
        var (digit, share) = Favourite(recording);
        double[] first = recording.Of("first-losses")[0];
        run.Claim("Constant weights: training is ineffective, similar to zero weights",
            $"accuracy {recording.TrainAccuracies[^1]:0.00%} ({share:0%} of predictions are {digit}), loss {recording.TrainLosses[^1]:F4}; on the way there the loss reaches {first.Max():G3} within {first.Length} steps, and the second layer's weights go from 0.5 to {last[5]:G3}",
            recording.TrainAccuracies[^1] < NotLearning);

        var weights = fresh.Weights.ToList();
        var inRow = weights.Select(w => WeightInitMeasures.ColumnSpread(w.Values, w.Rows)).ToList();
        var betweenRows = weights.Select(w => WeightInitMeasures.RowSpread(w.Values, w.Rows)).ToList();
        run.Claim("All gradients for weights in each row are identical",
            $"largest difference within a row of layers 0, 1 and 2: {WeightInit.Numbers(inRow, "G3")}; the input layer's gradient is δ·xᵀ and follows the image",
            inRow.All(s => s == 0) ? Verdict.Holds : inRow.Any(s => s == 0) ? Verdict.Partly : Verdict.DoesNotHold);
        run.Claim("All neurons in a layer have identical gradients",
            $"largest difference between rows of layers 0, 1 and 2: {WeightInit.Numbers(betweenRows, "G3")}; the output layer tells its target from the others",
            betweenRows.All(s => s == 0) ? Verdict.Holds : betweenRows.Any(s => s == 0) ? Verdict.Partly : Verdict.DoesNotHold);
        run.Result($"Gradients with all weights 0.5: at most {Largest(weights[0].Values):G3} and {Largest(weights[1].Values):G3} in the hidden layers, {Largest(weights[2].Values):G3} in the output layer. Σ(p − y) = 0 and equal output weights cancel hidden gradients exactly; what is left is rounding");
        run.Result($"Gradients after training: the output rows differ, so hidden gradients are real: at most {Largest(trained.Weights.First().Values):G3} in the input layer. The document's cell doesn't zero gradients first: it shows these plus the last batch's");
    }

    public void JudgeUnusual(Trained unusual, Trained high, Trained low, int activations)
    {
        double[] losses = unusual.Recording.Of("first-losses")[0];
        double accuracy = unusual.Recording.TrainAccuracies[^1];
        run.Claim("Unusual weights: exploding gradients from extremely high weights (NaN or inf)",
            $"{Course(unusual)}; losses {WeightInit.Numbers(losses.Take(7), "G3")}", unusual.Recording.DivergedAtStep is not null);
        run.Claim("Unusual weights: the loss may diverge or remain high, and accuracy stays poor",
            $"accuracy {accuracy:0.00%}{(unusual.Recording.DivergedAtStep is null ? "" : $": the largest of ten NaN is the first, so the network says 0, and {classes[0]:0.00%} of the images are zeros")}", accuracy < NotLearning);
        run.Claim("Unusual weights: outputs saturate activation functions", $"this network has {activations} activation functions: it is linear", activations > 0);
        run.Claim("Vanishing gradients from extremely low weights cause no learning",
            $"with all weights N(0, 1)·1e-8: loss {low.Recording.TrainLosses[^1]:F4}, accuracy {low.Recording.TrainAccuracies[^1]:0.00%} after {low.Recording.Epochs.Count} epoch(s)",
            low.Recording.TrainAccuracies[^1] < NotLearning);
        run.Claim("Question: can the model also diverge because weights are way too high or low?",
            $"too high (all N(0, 1)·100): {Course(high)}; too low (all N(0, 1)·1e-8): {Course(low)}",
            high.Recording.DivergedAtStep is null ? Verdict.DoesNotHold : low.Recording.DivergedAtStep is null ? Verdict.Partly : Verdict.Holds);
    }

    public void JudgeSigmoid(WeightInitSigmoid sigmoid, (string Name, Trained Trained)[] slow, (string Name, Trained Trained)[] fast,
        (double[] Z, double[] Gradient)[] scales)
    {
        int top = Array.IndexOf(sigmoid.Slope, sigmoid.Slope.Max());
        run.Claim("The sigmoid's gradient is largest near 0 (around 0.25) and smallest at extreme values",
            $"by backpropagation: {sigmoid.Slope[top]:F4} at x = {sigmoid.X[top]:F3}, {sigmoid.Slope[0]:F4} at x = −5",
            Math.Abs(sigmoid.X[top]) < 0.01 && Math.Abs(sigmoid.Slope[top] - 0.25) < 1e-4 && sigmoid.Slope.Min() == Math.Min(sigmoid.Slope[0], sigmoid.Slope[^1]));
        run.Claim("kaiming_normal_ and xavier_normal_ fill torch.empty(1000)",
            sigmoid.OneDimensionalError.Length > 0 ? "an error: " + sigmoid.OneDimensionalError : "no error", sigmoid.OneDimensionalError.Length == 0);

        double[] row = [.. sigmoid.Row.Select(WeightInitSigmoid.MeanSlope)], column = [.. sigmoid.Column.Select(WeightInitSigmoid.MeanSlope)];
        double[][] slopes = [.. slow.Select(s => s.Trained.ActiveBefore)]; // Kaiming, normal, Xavier; a value for each hidden layer
        bool steepest = slopes[2].Zip(slopes[0]).All(p => p.First > p.Second) && slopes[2].Zip(slopes[1]).All(p => p.First > p.Second);
        bool figureShows = row[2] > row[0] + 0.001 && row[2] > row[1] && column[2] > column[0] && column[2] > column[1];
        run.Claim("Xavier keeps weights in the linear region of the sigmoid, where gradients are strongest",
            $"mean σ′ at the weights themselves (Kaiming, normal, Xavier): {WeightInit.Numbers(row, "F3")} for shape [1, 1000], {WeightInit.Numbers(column, "F3")} for [1000, 1], so the shape decides; "
            + $"a sigmoid sees weighted sums, not weights: mean σ′ there on test images {string.Join("; ", slopes.Select(s => WeightInit.Numbers(s, "F3")))} in the two hidden layers",
            steepest ? figureShows ? Verdict.Holds : Verdict.Partly : Verdict.DoesNotHold);

        // Kaiming, normal, Xavier: scale of the second layer's sums and gradients against the first one's
        string[] names = [.. slow.Select(s => s.Name)];
        double[] sums = [.. scales.Select(s => s.Z[1] / s.Z[0])], gradients = [.. scales.Select(s => s.Gradient[0] / s.Gradient[1])];
        run.Claim("Xavier keeps the variance of activations and gradients stable across layers",
            $"standard deviation of the weighted sums, second hidden layer against first: {Pairs(names, sums)}; of their gradients, first against second: {Pairs(names, gradients)} (1 would be stable; each sigmoid takes a factor of 4 or more from both)",
            sums[2] is > 0.5 and < 2 && gradients[2] is > 0.5 and < 2);

        double[] slowAccuracies = [.. slow.Select(s => s.Trained.Recording.TestAccuracies[^1])], fastAccuracies = [.. fast.Select(s => s.Trained.Recording.TestAccuracies[^1])];
        bool bestSlow = slowAccuracies[2] >= slowAccuracies.Max() - Tie, bestFast = fastAccuracies[2] >= fastAccuracies.Max() - Tie;
        run.Claim("Xavier initialisation is best for sigmoids; Kaiming is designed for ReLU",
            $"test accuracy after {slow[0].Trained.Recording.Epochs.Count} epoch(s) of 784-32-32-10 with sigmoids: {Pairs(names, slowAccuracies, "0.00%")} at learning rate 0.001; {Pairs(names, fastAccuracies, "0.00%")} at 0.1",
            bestSlow && bestFast ? Verdict.Holds : bestSlow || bestFast ? Verdict.Partly : Verdict.DoesNotHold);
        run.Claim("Random normal weights can cause gradient issues",
            $"with N(0, 1) the first hidden layer's mean σ′ is {slopes[1][0]:F3}, with Xavier {slopes[2][0]:F3}", slopes[1][0] < 0.5 * slopes[2][0]);
    }

    /// <summary>What ReLU changes, and the five initialisations of ours.</summary>
    public void JudgeOurs(Trained zero, Trained constant, Trained reluZero, Trained reluConstant, (string Name, Trained Trained)[] creative)
    {
        run.Result($"With ReLU, zero weights: {reluZero.ActiveAfter[0]:0%} of the first hidden activations are above zero; loss {reluZero.Recording.TrainLosses[^1]:F4} ({zero.Recording.TrainLosses[^1]:F4} without ReLU){(reluZero.ActiveAfter[0] == 0 ? ": again only the output bias learns" : "")}");
        run.Result($"With ReLU, constant weights: pixels lie in −1…1 and are mostly −1, so 0.5·Σx + 0.5 is below zero; {reluConstant.ActiveBefore[0]:0.0%} of the first hidden activations are above zero on test images before training, {reluConstant.ActiveAfter[0]:0.0%} after. "
            + $"The highest of the first losses is {reluConstant.Recording.Of("first-losses")[0].Max():F3} ({constant.Recording.Of("first-losses")[0].Max():G3} without ReLU), the last epoch's {reluConstant.Recording.TrainLosses[^1]:F4}{(reluConstant.ActiveAfter[0] < 0.01 ? ": ReLU lets nothing of the images through, so nothing explodes either" : "")}");
        var ranked = creative.OrderByDescending(c => c.Trained.Recording.TestAccuracies[^1]).ToList();
        run.Result("Be creative: test accuracies " + string.Join(", ", ranked.Select(c => $"{c.Name} {c.Trained.Recording.TestAccuracies[^1]:0.00%}")));
        run.Claim("Be creative and test some other weight initialisation techniques (does any of ours learn what zero and constant weights don't?)",
            $"{creative.Count(c => c.Trained.Recording.TestAccuracies[^1] > NotLearning)} of {creative.Length} learn: {ranked[0].Name} is best with {ranked[0].Trained.Recording.TestAccuracies[^1]:0.00%}, {ranked[^1].Name} last with {ranked[^1].Trained.Recording.TestAccuracies[^1]:0.00%}, after {ranked[0].Trained.Recording.Epochs.Count} epoch(s)",
            creative.All(c => c.Trained.Recording.TestAccuracies[^1] > NotLearning) ? Verdict.Holds
                : ranked[0].Trained.Recording.TestAccuracies[^1] > NotLearning ? Verdict.Partly : Verdict.DoesNotHold);
    }

    /// <summary>The probabilities that these logits stand for.</summary>
    public static double[] Softmax(float[] logits)
    {
        double largest = logits.Max();
        double[] powers = [.. logits.Select(v => Math.Exp(v - largest))];
        return [.. powers.Select(p => p / powers.Sum())];
    }

    // Differences between neurons of the two hidden layers, after every epoch
    private static IEnumerable<double> Hidden(Trained trained) => trained.Recording.Of("symmetry").SelectMany(s => new[] { s[0], s[3] });

    private static (int Digit, double Share) Favourite(Recording recording)
    {
        double[] digits = recording.Of("digits")[^1];
        int digit = Array.IndexOf(digits, digits.Max());
        return (digit, digits[digit] / digits.Sum());
    }

    private static string Course(Trained trained) => trained.Recording.DivergedAtStep is { } step
        ? $"the loss is not finite from step {step} on" : $"the loss stays finite, {trained.Recording.TrainLosses[^1]:G5} in the last epoch";

    private static double Largest(float[] values) => values.Max(v => (double)MathF.Abs(v));

    private static string Pairs(string[] names, double[] values, string format = "F2") => string.Join(", ", names.Zip(values, (name, value) =>
        $"{name} {value.ToString(format, CultureInfo.InvariantCulture)}"));
}
