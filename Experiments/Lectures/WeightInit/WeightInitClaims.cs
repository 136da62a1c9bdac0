using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using Trained = NativeNN.Experiments.Lectures.WeightInit.Trained;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements and questions of document 004 and what this run measured about each; network: its widths.</summary>
internal sealed class WeightInitClaims(LectureRun run, ImageClasses classes, string network)
{
    private const double Tie = 0.005; // accuracies on 10,000 images this close are the same

    public void JudgeZero(Trained zero, WeightInitGradients gradients)
    {
        double loss = zero.Recording.TrainLosses[^1], start = Math.Log(classes.Count), fall = start - loss;
        double gap = WeightInitMeasures.OutputBiasSoftmax(zero.Final).Zip(classes.Shares, (p, f) => Math.Abs(p - f)).Max();
        run.Claim(
            "Zero weights: the model does not learn at all, the loss stays constant",
            $"the loss goes from ln {classes.Count} = {start:F4} to {loss:F4}, towards the entropy of the {classes.Plural}' "
                + $"frequencies, {classes.Entropy:F4}; "
                + $"the output bias learns them: its softmax is within {gap:0.00%} of each",
            Math.Abs(fall) < 1e-4 ? Verdict.Holds : Math.Abs(fall) < 0.05 ? Verdict.Partly : Verdict.DoesNotHold);

        double accuracy = zero.Recording.TrainAccuracies[^1];
        var (digit, share) = Favourite(zero);
        run.Claim(
            "Zero weights: accuracy remains around 0.1, random guessing among 10 classes",
            $"{accuracy:0.00%}, but not by guessing: {share:0.0%} of the last epoch's predictions are the "
                + $"{classes.Noun} {classes.Names[digit]}, which {classes.Shares[digit]:0.00%} of the images are"
                + (classes.Count == 10 ? "" : $"; guessing among {classes.Count} classes is right {classes.Chance:0.0%} of the time"),
            Math.Abs(accuracy - classes.Chance) > 0.02 ? Verdict.DoesNotHold : share < 0.5 ? Verdict.Holds : Verdict.Partly);

        float[] bias = zero.Final.ByName[^1].Values;
        string nothing = string.Join(", ", gradients.Parameters.Where(p => p.Values.All(v => v == 0)).Select(p => p.Name));
        run.Claim(
            "Zero weights: all neurons compute the same, receive identical gradients and remain identical",
            $"the gradients of {nothing} are exactly zero, so these never move (largest difference between two hidden neurons: "
                + $"{Notation.Short(HiddenSpreads(zero).Max())}); the outputs do differ: their biases get gradients of their own and end "
                + "between "
                + $"{Notation.Fixed(bias.Min(), 3)} and {Notation.Fixed(bias.Max(), 3)}",
            HiddenSpreads(zero).Any(spread => spread != 0) ? Verdict.DoesNotHold
                : bias.Max() == bias.Min() ? Verdict.Holds : Verdict.Partly,
            anyLength: true);
    }

    public void JudgeConstant(Trained constant, WeightInitGradients fresh, WeightInitGradients trained)
    {
        var symmetries = Symmetry.Of(constant.Recording);
        var last = symmetries[^1];
        double hidden = HiddenSpreads(constant).Max();
        bool alike = HiddenSpreads(constant).All(spread => spread == 0);
        run.Claim(
            "Constant weights: all neurons in each layer have identical weights",
            $"largest difference between two neurons of a hidden layer after any epoch: {Notation.Short(hidden)}; "
                + $"the {classes.Count} output neurons differ by up to {Notation.Short(last.Output.Rows)}, since each has its own target",
            !alike ? Verdict.DoesNotHold : last.Output.Rows == 0 ? Verdict.Holds : Verdict.Partly,
            anyLength: true);

        string[] numbers = [.. last.Layers.Select((_, layer) => $"{layer}")];
        bool single = alike && symmetries.All(s => s.Layers.Skip(1).All(l => l.Columns == 0));
        run.Claim(
            "Constant weights: the network behaves like a single neuron per layer",
            $"hidden neurons differ by {Notation.Short(hidden)}, the weights that read them (columns of layers "
                + $"{Wording.And(numbers[1..])}) by {Wording.And(last.Layers.Skip(1).Select(l => Notation.Short(l.Columns)))}"
                + $"{(single ? ": only one number of an image gets through" : "")}",
            single,
            anyLength: true);

        double accuracy = constant.Recording.TrainAccuracies[^1], loss = constant.Recording.TrainLosses[^1];
        var (digit, share) = Favourite(constant);
        var losses = FirstLosses.Of(constant.Recording);
        run.Claim(
            "Constant weights: training is ineffective, similar to zero weights",
            $"accuracy {accuracy:0.00%} ({share:0%} of predictions are {classes.Names[digit]}), loss {loss:F4}; on the way there the loss "
                + $"reaches {Notation.Short(losses.Highest)} within {losses.Steps} steps, and the second layer's weights go from 0.5 to "
                + $"{Notation.Short(last.Second.Largest)}",
            accuracy < classes.NotLearning);

        JudgeGradients(fresh, trained);
    }

    private void JudgeGradients(WeightInitGradients fresh, WeightInitGradients trained)
    {
        string layers = Wording.And(fresh.Weights.Select((_, layer) => $"{layer}"));
        double[] inRows = [.. fresh.Weights.Select(w => LayerSymmetry.Of(w).Columns)];
        run.Claim(
            "All gradients for weights in each row are identical",
            $"largest difference within a row of layers {layers}: {Wording.List(inRows, 3)}; "
                + "the input layer's gradient is δ·xᵀ and follows the image",
            inRows.All(s => s == 0) ? Verdict.Holds : inRows.Any(s => s == 0) ? Verdict.Partly : Verdict.DoesNotHold,
            anyLength: true);

        double[] betweenRows = [.. fresh.Weights.Select(w => LayerSymmetry.Of(w).Rows)];
        run.Claim(
            "All neurons in a layer have identical gradients",
            $"largest difference between rows of layers {layers}: {Wording.List(betweenRows, 3)}; "
                + "the output layer tells its target from the others",
            betweenRows.All(s => s == 0) ? Verdict.Holds : betweenRows.Any(s => s == 0) ? Verdict.Partly : Verdict.DoesNotHold,
            anyLength: true);

        var (hidden, output) = (fresh.Weights.SkipLast(1).Select(w => Notation.Short(w.Largest)), fresh.Weights[^1]);
        run.Result(
            $"Gradients with all weights 0.5: at most {Wording.And(hidden)} in the hidden "
                + "layers, "
            + $"{Notation.Short(output.Largest)} in the output layer. Σ(p − y) = 0 and equal output weights cancel hidden gradients "
            + "exactly; "
            + "what is left is rounding");
        run.Result(
            $"Gradients after training: the output rows differ, so hidden gradients are real: at most "
                + $"{Notation.Short(trained.Weights[0].Largest)} in "
            + "the input layer. The document's cell doesn't zero gradients first: it shows these plus the last batch's");
    }

    public void JudgeUnusual(Trained unusual, Trained high, Trained low, int activations)
    {
        bool diverged = unusual.Recording.DivergedAtStep is not null;
        run.Claim(
            "Unusual weights: exploding gradients from extremely high weights (NaN or inf)",
            $"{Course(unusual)}; losses {Wording.List(FirstLosses.Of(unusual.Recording).Values.Take(7), 3)}",
            diverged,
            anyLength: diverged);

        double accuracy = unusual.Recording.TrainAccuracies[^1];
        string why = diverged
            ? $": the largest of {(classes.AreDigits ? "ten" : classes.Count)} NaN is the first, so the network says {classes.Names[0]}, "
                + $"and {classes.Shares[0]:0.00%} of the images are {(classes.AreDigits ? "zeros" : "that")}" : "";
        run.Claim(
            "Unusual weights: the loss may diverge or remain high, and accuracy stays poor",
            $"accuracy {accuracy:0.00%}{why}",
            accuracy < classes.NotLearning);
        run.Claim(
            "Unusual weights: outputs saturate activation functions",
            $"this network has {activations} activation functions: it is linear",
            activations > 0,
            anyLength: true);

        double lowLoss = low.Recording.TrainLosses[^1], lowAccuracy = low.Recording.TrainAccuracies[^1];
        run.Claim(
            "Vanishing gradients from extremely low weights cause no learning",
            $"with all weights N(0, 1)·10⁻⁸: loss {lowLoss:F4}, accuracy {lowAccuracy:0.00%} after "
                + $"{Wording.Count(low.Recording.Epochs.Count, "epoch")}",
            lowAccuracy < classes.NotLearning);
        run.Claim(
            "Question: can the model also diverge because weights are way too high or low?",
            $"too high (all N(0, 1)·100): {Course(high)}; too low (all N(0, 1)·10⁻⁸): {Course(low)}",
            high.Recording.DivergedAtStep is null ? Verdict.DoesNotHold
                : low.Recording.DivergedAtStep is null ? Verdict.Partly : Verdict.Holds);
    }

    /// <summary>Every list holds Kaiming's, the standard normal and Xavier's initialisation; scales are those before training.</summary>
    public void JudgeSigmoid(WeightInitSigmoid sigmoid, (string Name, Trained Trained)[] slow, (string Name, Trained Trained)[] fast,
        SumScale[][] scales)
    {
        const int Kaiming = WeightInitSigmoid.Kaiming, Normal = WeightInitSigmoid.Normal, Xavier = WeightInitSigmoid.Xavier;
        string[] names = [.. slow.Select(s => s.Name)];
        JudgeCurve(sigmoid);

        double[] row = [.. sigmoid.Row.Select(w => w.MeanSlope)], column = [.. sigmoid.Column.Select(w => w.MeanSlope)];
        double[][] slopes = [.. slow.Select(s => s.Trained.ActiveBefore)]; // a value for each hidden layer
        bool steepest = slopes[Xavier].Zip(slopes[Kaiming]).All(p => p.First > p.Second)
            && slopes[Xavier].Zip(slopes[Normal]).All(p => p.First > p.Second);
        bool figureShows = row[Xavier] > row[Kaiming] + 0.001 && row[Xavier] > row[Normal]
            && column[Xavier] > column[Kaiming] && column[Xavier] > column[Normal];
        run.Claim(
            "Xavier keeps weights in the linear region of the sigmoid, where gradients are strongest",
            $"mean σ′ at the weights themselves (Kaiming, normal, Xavier): {Wording.List(row, "F3")} for shape [1, 1000], "
                + $"{Wording.List(column, "F3")} for [1000, 1], so the shape decides; a sigmoid sees weighted sums, not weights: mean σ′ "
                + $"there on test images {string.Join("; ", slopes.Select(s => Wording.List(s, "F3")))} in the "
                + $"{(slopes[0].Length == 2 ? "two" : slopes[0].Length)} hidden layers",
            steepest ? figureShows ? Verdict.Holds : Verdict.Partly : Verdict.DoesNotHold,
            anyLength: true);

        // The second hidden layer's sums against the first one's, and the gradients that reach the first against the second one's
        double[] sums = [.. scales.Select(layers => layers[1].Std / layers[0].Std)];
        double[] gradients = [.. scales.Select(layers => layers[0].Gradient / layers[1].Gradient)];
        run.Claim(
            "Xavier keeps the variance of activations and gradients stable across layers",
            $"standard deviation of the weighted sums, {SecondOf(slopes[0].Length)} layer against first: "
                + $"{Wording.Pairs(names, sums, "F2")}; of their "
                + $"gradients, first against second: {Wording.Pairs(names, gradients, "F2")} (1 would be stable; each sigmoid takes a "
                + "factor of 4 or more from both)",
            sums[Xavier] is > 0.5 and < 2 && gradients[Xavier] is > 0.5 and < 2,
            anyLength: true);

        double[] slowAccuracies = [.. slow.Select(s => s.Trained.Recording.TestAccuracies[^1])];
        double[] fastAccuracies = [.. fast.Select(s => s.Trained.Recording.TestAccuracies[^1])];
        bool bestSlow = slowAccuracies[Xavier] >= slowAccuracies.Max() - Tie;
        bool bestFast = fastAccuracies[Xavier] >= fastAccuracies.Max() - Tie;
        run.Claim(
            "Xavier initialisation is best for sigmoids; Kaiming is designed for ReLU",
            $"test accuracy after {Wording.Count(slow[Xavier].Trained.Recording.Epochs.Count, "epoch")} of {network} with sigmoids: "
                + $"{Wording.Pairs(names, slowAccuracies, "0.00%")} at learning rate {run.Recipe.Optimizer.LearningRate}; "
                + $"{Wording.Pairs(names, fastAccuracies, "0.00%")} at 0.1",
            bestSlow && bestFast ? Verdict.Holds : bestSlow || bestFast ? Verdict.Partly : Verdict.DoesNotHold);

        double normalSlope = slopes[Normal][0], xavierSlope = slopes[Xavier][0];
        run.Claim(
            "Random normal weights can cause gradient issues",
            $"with N(0, 1) the first hidden layer's mean σ′ is {normalSlope:F3}, with Xavier {xavierSlope:F3}",
            normalSlope < 0.5 * xavierSlope,
            anyLength: true);
    }

    private void JudgeCurve(WeightInitSigmoid sigmoid)
    {
        var (x, _, slope) = sigmoid.Curve;
        int top = Array.IndexOf(slope, slope.Max());
        run.Claim(
            "The sigmoid's gradient is largest near 0 (around 0.25) and smallest at extreme values",
            $"by backpropagation: {slope[top]:F4} at x = {Notation.Fixed(x[top], 3)}, {slope[0]:F4} at x = −5",
            Math.Abs(x[top]) < 0.01 && Math.Abs(slope[top] - 0.25) < 1e-4 && slope.Min() == Math.Min(slope[0], slope[^1]),
            anySettings: true);

        bool fills = sigmoid.OneDimensionalError.Length == 0;
        run.Claim(
            "kaiming_normal_ and xavier_normal_ fill torch.empty(1000)",
            fills ? "no error" : "an error: " + sigmoid.OneDimensionalError,
            fills,
            anySettings: true);
    }

    /// <summary>What ReLU changes, and the five initialisations of ours.</summary>
    public void JudgeOurs(Trained zero, Trained constant, Trained reluZero, Trained reluConstant, (string Name, Trained Trained)[] creative)
    {
        double zeroActive = reluZero.ActiveAfter[0]; // of the first hidden layer
        run.Result(
            $"With ReLU, zero weights: {zeroActive:0%} of the first hidden activations are above zero; "
            + $"loss {reluZero.Recording.TrainLosses[^1]:F4} ({zero.Recording.TrainLosses[^1]:F4} without ReLU)"
            + (zeroActive == 0 ? ": again only the output bias learns" : ""));

        double before = reluConstant.ActiveBefore[0], after = reluConstant.ActiveAfter[0];
        FirstLosses losses = FirstLosses.Of(reluConstant.Recording), linearLosses = FirstLosses.Of(constant.Recording);
        run.Result(
            "With ReLU, constant weights: pixels lie in −1…1 and are mostly −1, so 0.5·Σx + 0.5 is below zero; "
            + $"{before:0.0%} of the first hidden activations are above zero on test images before training, {after:0.0%} after. "
            + $"The highest of the first losses is {losses.Highest:F3} ({Notation.Short(linearLosses.Highest)} without ReLU), "
            + $"the last epoch's {reluConstant.Recording.TrainLosses[^1]:F4}"
            + (after < 0.01 ? ": ReLU lets nothing of the images through, so nothing explodes either" : ""));

        var ranked = creative.Select(c => (c.Name, Accuracy: c.Trained.Recording.TestAccuracies[^1]))
            .OrderByDescending(c => c.Accuracy)
            .ToList();
        var (best, worst) = (ranked[0], ranked[^1]);
        int learn = ranked.Count(c => c.Accuracy > classes.NotLearning), epochs = creative[0].Trained.Recording.Epochs.Count;
        run.Result("Be creative: test accuracies " + string.Join(", ", ranked.Select(c => $"{c.Name} {c.Accuracy:0.00%}")));
        run.Claim(
            "Be creative and test some other weight initialisation techniques (does any of ours learn what zero and constant weights "
                + "don't?)",
            $"{learn} of {ranked.Count} learn: {best.Name} is best with {best.Accuracy:0.00%}, {worst.Name} last with "
                + $"{worst.Accuracy:0.00%}, after {Wording.Count(epochs, "epoch")}",
            learn == ranked.Count ? Verdict.Holds : learn > 0 ? Verdict.Partly : Verdict.DoesNotHold);
    }

    // Differences between neurons of the hidden layers, after every epoch
    private static IEnumerable<double> HiddenSpreads(Trained trained) =>
        Symmetry.Of(trained.Recording).SelectMany(s => s.Layers.SkipLast(1).Select(l => l.Rows));

    /// <summary>What the second layer is where there are so many hidden ones.</summary>
    internal static string SecondOf(int hidden) => hidden > 1 ? "second hidden" : "output";

    private static (int Digit, double Share) Favourite(Trained trained)
    {
        var digits = PredictedDigits.Of(trained.Recording);
        return (digits.Favourite, digits.Shares[digits.Favourite]);
    }

    private static string Course(Trained trained) => trained.Recording.DivergedAtStep is { } step
        ? $"the loss is not finite from step {step} on"
        : $"the loss stays finite, {Notation.Short(trained.Recording.TrainLosses[^1], 5)} in the last epoch";
}
