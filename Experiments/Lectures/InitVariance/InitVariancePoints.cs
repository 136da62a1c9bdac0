using System.Globalization;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>One way to initialise document 002's network: N(0, σ²) or a standard initialiser. Key names its checkpoint.</summary>
internal sealed record InitPoint(string Key, string Label, double? Sigma, Initialization Initialization)
{
    private const string SigmaPrefix = "sigma-";

    /// <summary>The recipe with this start.</summary>
    public Recipe In(Recipe recipe) => recipe with { Initialization = Initialization };

    /// <summary>What the document promises next: PyTorch's own start, and nn.init's two families (for ReLU; biases at zero).</summary>
    public static IReadOnlyList<InitPoint> Standard { get; } =
    [
        new("default", "PyTorch default", Sigma: null, Initialization.Default),
        new("xavier", "Xavier normal", Sigma: null,
            Initialization.Weights("Xavier normal", (weight, generator) => Init.XavierNormal(weight, generator))),
        new("kaiming", "Kaiming normal", Sigma: null,
            Initialization.Weights("Kaiming normal",
                (weight, generator) => Init.KaimingNormal(weight, generator, nonlinearity: Nonlinearity.Relu))),
    ];

    /// <summary>All parameters from N(0, σ²), biases included.</summary>
    public static InitPoint Of(double sigma) => new(SigmaPrefix + sigma.ToString("R", CultureInfo.InvariantCulture),
        $"SD={sigma:G4}", sigma, new Initialization(FormattableString.Invariant($"normal {sigma:R}"), (net, generator) =>
        {
            //  torch.randn_like(p)·σ: the product is rounded to float32 after the draw was
            foreach (var parameter in net.Parameters())
            {
                var values = new float[parameter.Length];
                generator.Normal(values, mean: 0, std: 1);
                for (int i = 0; i < values.Length; i++)
                    values[i] *= (float)sigma;
                parameter.Set(values);
            }
        }));

    /// <summary>The σ point whose checkpoint has that name; null for any other file.</summary>
    public static InitPoint? FromKey(string key) => key.StartsWith(SigmaPrefix, StringComparison.Ordinal)
        && double.TryParse(key.AsSpan(SigmaPrefix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double sigma)
            ? Of(sigma) : null;
}
