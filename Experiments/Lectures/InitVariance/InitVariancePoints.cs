using System.Globalization;
using NativeNN.Random;

namespace NativeNN.Experiments.Lectures;

/// <summary>One way to initialise the network of document 002: N(0, σ²) throughout, or a standard initialiser. Key names its checkpoint.</summary>
internal sealed record InitPoint(string Key, string Label, double? Sigma, Action<Tensor, Generator> Redraw)
{
    private const string SigmaPrefix = "sigma-";

    /// <summary>What the document promises next: PyTorch's own start, and nn.init's two families (for ReLU; biases at zero).</summary>
    public static IReadOnlyList<InitPoint> Standard { get; } =
    [
        new("default", "PyTorch default", Sigma: null, (_, _) => { }),
        new("xavier", "Xavier normal", Sigma: null, (p, generator) => WeightOrZero(p, w => Init.XavierNormal(w, generator))),
        new("kaiming", "Kaiming normal", Sigma: null, (p, generator) => WeightOrZero(p, w => Init.KaimingNormal(w, generator, nonlinearity: Nonlinearity.Relu))),
    ];

    /// <summary>All parameters from N(0, σ²), biases included.</summary>
    public static InitPoint Of(double sigma) => new(SigmaPrefix + sigma.ToString("R", CultureInfo.InvariantCulture),
        $"SD={sigma:G4}", sigma, (p, generator) =>
        {
            //  torch.randn_like(p)·σ: the product is rounded to float32 after the draw was
            var values = new float[p.Length];
            generator.Normal(values, 0, 1);
            for (int i = 0; i < values.Length; i++)
                values[i] *= (float)sigma;
            p.Set(values);
        });

    /// <summary>The σ point whose checkpoint has that name; null for any other file.</summary>
    public static InitPoint? FromKey(string key) => key.StartsWith(SigmaPrefix, StringComparison.Ordinal)
        && double.TryParse(key.AsSpan(SigmaPrefix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double sigma) ? Of(sigma) : null;

    /// <summary>A fresh network, which draws its default weights first as the document's does, then every parameter anew.</summary>
    public InitVariance.MnistNet Network(Generator generator)
    {
        var net = new InitVariance.MnistNet(generator);
        foreach (var parameter in net.Parameters())
            Redraw(parameter, generator);
        return net;
    }

    private static void WeightOrZero(Tensor parameter, Action<Tensor> draw)
    {
        if (parameter.Shape.Rank == 2)
            draw(parameter);
        else
            Init.Zeros(parameter);
    }
}
