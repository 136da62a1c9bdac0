using NativeNN.Analysis;
using NativeNN.Random;

namespace NativeNN.Experiments.Lectures;

/// <summary>Document 004's sigmoid: its curve and slope, and 1000 weights of three initialisations on it.</summary>
internal sealed record WeightInitSigmoid
{
    /// <summary>Places of the three initialisations in every list of them, as in <see cref="WeightInit"/>.</summary>
    public const int Kaiming = 0, Normal = 1, Xavier = 2;

    private const int Samples = 1000;

    /// <summary>The message of Kaiming's initialisation for a tensor of 1000 values without a second dimension.</summary>
    public required string OneDimensionalError { get; init; }

    /// <summary>1000 points of the whole sigmoid on [−5, 5].</summary>
    public required SigmoidPoints Curve { get; init; }

    /// <summary>Where the weights of each initialisation lie, for one neuron of 1000 weights, [1, 1000].</summary>
    public required SigmoidPoints[] Row { get; init; }

    /// <summary>The same for 1000 neurons of one weight, [1000, 1].</summary>
    public required SigmoidPoints[] Column { get; init; }

    /// <summary>The weights of [1, 1000] go on with the document's draws, those of [1000, 1] start from the seed.</summary>
    public static WeightInitSigmoid Measure(Generator generator, long seed)
    {
        string error = "";
        try
        {
            Init.KaimingNormal(Tensor.Empty(Samples), generator); // the document's torch.empty(1000)
        }
        catch (ShapeException e)
        {
            error = e.Message;
        }
        return new WeightInitSigmoid
        {
            OneDimensionalError = error,
            Curve = SigmoidPoints.At(Statistics.TorchLinSpace(-5, 5, Samples)),
            Row = Weights((1, Samples), generator),
            Column = Weights((Samples, 1), new Generator(seed)),
        };
    }

    private static SigmoidPoints[] Weights(Shape shape, Generator generator)
    {
        var fills = new Action<Tensor>[]
        {
            w => Init.KaimingNormal(w, generator), w => Init.Normal(w, generator), w => Init.XavierNormal(w, generator),
        };
        return [.. fills.Select(fill =>
        {
            var weight = Tensor.Empty(shape);
            fill(weight);
            return SigmoidPoints.At([.. weight.ToArray().Order()]);
        })];
    }
}

/// <summary>x, σ(x), and σ′(x) by backpropagation.</summary>
internal sealed record SigmoidPoints(float[] X, float[] Y, float[] Slope)
{
    /// <summary>The mean of σ′.</summary>
    public double MeanSlope => Statistics.Mean(Slope);

    public static SigmoidPoints At(float[] values)
    {
        var x = Tensor.From(values, values.Length).WithGrad();
        var y = x.Sigmoid();
        y.Backward(Tensor.Ones(values.Length)); // from Σσ(x)
        return new SigmoidPoints(values, y.ToArray(), x.Grad!.ToArray());
    }
}
