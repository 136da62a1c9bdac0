using System.Globalization;
using NativeNN.Random;

namespace NativeNN.Experiments.Running;

/// <summary>nn.init's ways to fill weights, as the command line names them: "kaiming-normal", "normal:0.02". Biases are zero.</summary>
public static class Initializers
{
    private static readonly Dictionary<string, Action<Tensor, Generator>> Plain = new()
    {
        ["xavier-uniform"] = (w, random) => Init.XavierUniform(w, random),
        ["xavier-normal"] = (w, random) => Init.XavierNormal(w, random),
        ["kaiming-uniform"] = (w, random) => Init.KaimingUniform(w, random, nonlinearity: Nonlinearity.Relu),
        ["kaiming-normal"] = (w, random) => Init.KaimingNormal(w, random, nonlinearity: Nonlinearity.Relu),
        ["lecun-uniform"] = Init.LecunUniform,
        ["lecun-normal"] = Init.LecunNormal,
        ["orthogonal"] = (w, random) => Init.Orthogonal(w, random),
        ["eye"] = (w, _) => Init.Eye(w),
        ["zeros"] = (w, _) => Init.Zeros(w),
        ["ones"] = (w, _) => Init.Ones(w),
    };

    private static readonly Dictionary<string, ScaledFill> Scaled = new()
    {
        ["constant"] = new("the value", _ => true, (w, _, value) => Init.Constant(w, value)),
        ["uniform"] = new("a in ±a", a => a > 0, (w, random, a) => Init.Uniform(w, random, -a, a)),
        ["normal"] = new("σ", std => std > 0, (w, random, std) => Init.Normal(w, random, mean: 0, std)),
        ["truncated-normal"] = new("σ, cut at ±2σ", std => std > 0,
            (w, random, std) => Init.TruncatedNormal(w, random, mean: 0, std, -2 * std, 2 * std)),
        ["sparse"] = new("the share of zeros; the rest is N(0, 0.01²)", share => share is >= 0 and < 1,
            (w, random, share) => Init.Sparse(w, random, share)),
    };

    /// <summary>A filling with a number: what the number is, and which it may be.</summary>
    private sealed record ScaledFill(string Number, Func<float, bool> Allows, Action<Tensor, Generator, double> Fill);

    /// <summary>All names, those that take a number with it.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [Initialization.Default.Name, .. Plain.Keys, .. Scaled.Keys.Select(name => $"{name}:NUMBER")];

    /// <summary>The one of that name. Throws FormatException, which says what is needed, if there is none.</summary>
    public static Initialization Named(string text)
    {
        if (text == Initialization.Default.Name)
            return Initialization.Default;
        if (Plain.TryGetValue(text, out var fill))
            return Initialization.Weights(text, fill);
        string[] parts = text.Split(':', 2);
        if (!Scaled.TryGetValue(parts[0], out var scaled))
            throw new FormatException($"needs one of {string.Join(", ", Names)}");
        bool isNumber = float.TryParse(parts.ElementAtOrDefault(1), NumberStyles.Float, CultureInfo.InvariantCulture, out float value);
        if (!isNumber || !float.IsFinite(value) || !scaled.Allows(value))
            throw new FormatException($"needs {parts[0]}:NUMBER, the number being {scaled.Number}");
        return Initialization.Weights(text, (w, random) => scaled.Fill(w, random, value));
    }
}
