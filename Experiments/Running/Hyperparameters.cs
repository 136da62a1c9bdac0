using NativeNN.Data;

namespace NativeNN.Experiments.Running;

/// <summary>
/// What the command line changes of a lecture's recipe; null leaves what the lecture says. Each value is one that some recipe can take;
/// <see cref="ApplyTo"/> refuses what this one can't.
/// </summary>
public sealed record Hyperparameters
{
    public double? LearningRate { get; init; }

    public int? BatchSize { get; init; }

    public OptimizerKind? Optimizer { get; init; }

    public double? Momentum { get; init; }

    public double? WeightDecay { get; init; }

    public double? Dropout { get; init; }

    /// <summary>Widths of the hidden layers.</summary>
    public IReadOnlyList<int>? Hidden { get; init; }

    /// <summary>How the weights start, by <see cref="Initializers"/>' name.</summary>
    public string? Initialization { get; init; }

    /// <summary>By <see cref="LossFunction"/>'s name.</summary>
    public string? Loss { get; init; }

    /// <summary>The recipe with these settings. Throws BadInputException where they contradict one another or the recipe.</summary>
    public Recipe ApplyTo(Recipe recipe)
    {
        var kind = Optimizer ?? recipe.Optimizer.Kind;
        if (Momentum is not null && !OptimizerSettings.HasMomentum(kind))
            throw new BadInputException($"--momentum {Momentum}: {recipe.Name} would train with {OptimizerSettings.NameOf(kind)}, which "
                + "has no setting of that name; SGD and RMSprop have (--optimizer)");
        var loss = Loss is null ? recipe.Loss : LossFunction.Named(Loss);
        var network = Hidden is null ? recipe.Network : recipe.Network.WithHidden(Hidden);
        return recipe with
        {
            BatchSize = BatchSize ?? recipe.BatchSize,
            Initialization = Initialization is null ? recipe.Initialization : Initializers.Named(Initialization),
            Loss = loss,
            Network = network with
            {
                Dropout = Dropout ?? network.Dropout,
                LogSoftmax = Loss is null ? network.LogSoftmax : loss == LossFunction.NegativeLogLikelihood,
            },
            Optimizer = recipe.Optimizer with
            {
                Kind = kind,
                LearningRate = LearningRate ?? recipe.Optimizer.LearningRate,
                WeightDecay = WeightDecay ?? recipe.Optimizer.WeightDecay,
                Momentum = Momentum ?? recipe.Optimizer.Momentum,
            },
        };
    }
}
