using System.Globalization;

namespace NativeNN.Data;

/// <summary>
/// How a grey value becomes an input: a table of 256 float32 values, with the roundings of the Python code it stands for.
/// </summary>
public sealed class Normalization
{
    private readonly float[] table = new float[256];

    private Normalization(string name, Func<int, float> value)
    {
        Name = name;
        for (int b = 0; b < table.Length; b++)
            table[b] = value(b);
    }

    /// <summary>The bytes themselves, 0 to 255.</summary>
    public static Normalization None { get; } = new("none", b => b);

    /// <summary>
    /// [0, 1]: divided by 255 in float64, then rounded (<c>torch.tensor(x / 255., dtype=torch.float32)</c>). Multiplied by 1/255, 126 of
    /// the 256 values would differ; <c>ToTensor()</c> gives the same table.
    /// </summary>
    public static Normalization Unit { get; } = new("[0, 1]", b => (float)(b / 255.0));

    /// <summary>Mean 0.1307 and deviation 0.3081, those of MNIST's training pixels.</summary>
    public static Normalization Mnist { get; } = Standardize(0.1307, 0.3081);

    /// <summary>Mean and deviation 0.5: inputs in [−1, 1].</summary>
    public static Normalization Half { get; } = Standardize(0.5, 0.5);

    /// <summary>What to call it in reports.</summary>
    public string Name { get; }

    /// <summary>The 256 values.</summary>
    public ReadOnlySpan<float> Table => table;

    /// <summary>
    /// (b/255 − mean)/std, each step rounded to float32, as torchvision's <c>ToTensor()</c> and <c>Normalize((mean,), (std,))</c>. Throws
    /// ArgumentException if the deviation is zero or not a number.
    /// </summary>
    public static Normalization Standardize(double mean, double std)
    {
        float m = (float)mean, s = (float)std;
        if (!float.IsFinite(m) || !float.IsFinite(s) || s == 0)
            throw new ArgumentException(
                $"Normalization: got mean {mean} and deviation {std}, needs finite numbers and a deviation other than 0");
        return new Normalization(FormattableString.Invariant($"({mean}, {std})"), b => (b / 255f - m) / s);
    }

    /// <summary>The normalisation that is called so: what Name gives, read back. Throws FormatException for any other text.</summary>
    public static Normalization Named(string name)
    {
        if (name == None.Name || name == Unit.Name)
            return name == None.Name ? None : Unit;
        string[] numbers = name.TrimStart('(').TrimEnd(')').Split(", ");
        if (numbers.Length == 2 && double.TryParse(numbers[0], CultureInfo.InvariantCulture, out double mean)
            && double.TryParse(numbers[1], CultureInfo.InvariantCulture, out double std)
            && float.IsFinite((float)mean) && float.IsFinite((float)std) && (float)std != 0)
            return Standardize(mean, std);
        throw new FormatException($"Normalization: '{name}' is none of ours; needs none, [0, 1] or (mean, deviation)");
    }
}
