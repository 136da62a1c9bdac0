using System.Globalization;
using NativeNN.Experiments.Reports;
using Trained = NativeNN.Experiments.Lectures.WeightInit.Trained;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements and questions of document 004 and what this run measured about each.</summary>
internal sealed class WeightInitClaims(LectureRun run, double[] classes)
{
    public void JudgeZero(Trained zero, WeightInitGradients gradients)
    {
        run.Result(string.Join(" ", Softmax(zero.Final.ByName[^1].Values).Select(v => Say($"{v:F4}"))) + " / " + string.Join(" ", classes.Select(v => Say($"{v:F4}"))));
        Dump(zero);
        _ = gradients;
    }

    public void JudgeConstant(Trained constant, WeightInitGradients fresh, WeightInitGradients trained) => Dump(constant);

    public void JudgeUnusual(Trained unusual, Trained high, Trained low, int activations)
    {
        Dump(unusual);
        Dump(high);
        Dump(low);
    }

    public void JudgeSigmoid(WeightInitSigmoid sigmoid, (string Name, Trained Trained)[] slow, (string Name, Trained Trained)[] fast)
    {
        run.Result(sigmoid.OneDimensionalError);
        run.Result(Say($"{sigmoid.Slope.Max()} {sigmoid.Slope[0]}") + string.Join(" ", sigmoid.Row.Concat(sigmoid.Column).Select(w => Say($"{WeightInitSigmoid.MeanSlope(w):F4}"))));
        foreach (var s in slow.Concat(fast))
            Dump(s.Trained);
    }

    public void JudgeOurs(Trained reluZero, Trained reluConstant, (string Name, Trained Trained)[] creative)
    {
        Dump(reluZero);
        Dump(reluConstant);
        run.Claim("x", "y", Verdict.Holds);
    }

    private void Dump(Trained t) => run.Result(Say($"{t.Key} digits {WeightInit.Numbers(t.Recording.Of("digits")[^1], "F0")} sym {WeightInit.Numbers(t.Recording.Of("symmetry")[^1], "G3")} first {WeightInit.Numbers(t.Recording.Of("first-losses")[0], "G4")} active {WeightInit.Numbers(t.ActiveBefore, "G3")} {WeightInit.Numbers(t.ActiveAfter, "G3")}"));

    /// <summary>The probabilities that these logits stand for.</summary>
    public static double[] Softmax(float[] logits)
    {
        double largest = logits.Max();
        double[] powers = [.. logits.Select(v => Math.Exp(v - largest))];
        return [.. powers.Select(p => p / powers.Sum())];
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
