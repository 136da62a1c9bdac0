using NativeNN.Data;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// What figures and claims say about the classes: MNIST's are digits, any other set's are classes, called as its files call them.
/// </summary>
internal sealed record ImageClasses(IReadOnlyList<string> Names, double[] Shares, bool AreDigits)
{
    public int Count => Names.Count;

    /// <summary>"digit" or "class"</summary>
    public string Noun => AreDigits ? "digit" : "class";

    public string Plural => AreDigits ? "digits" : "classes";

    /// <summary>Right answers by guessing, in 0–1: 1/count.</summary>
    public double Chance => 1.0 / Count;

    /// <summary>An accuracy in 0–1 that says nothing has been learned: less than a tenth above chance.</summary>
    public double NotLearning => Chance + 0.1;

    /// <summary>−Σ p·ln p of the classes' frequencies: the loss of a network that knows these and nothing else.</summary>
    public double Entropy => -Shares.Where(p => p > 0).Sum(p => p * Math.Log(p));

    public static ImageClasses Of(ImageSet images)
    {
        double[] shares = [.. Enumerable.Range(0, images.ClassCount).Select(k => images.Labels.Count(l => l == k) / (double)images.Count)];
        return new(images.ClassNames, shares, AreDigits: images.Name == "MNIST");
    }
}
