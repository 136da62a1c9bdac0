using System.Text.Json.Serialization;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

namespace NativeNN.Experiments.Running;

/// <summary>
/// Everything a training is made of. Each lecture has one and its variations are <c>recipe with { … }</c>; lectures, compare, Bench and
/// tests all train from it through one <see cref="TrainingLoop"/>. A lecture's numbers stand in its recipe and nowhere else.
/// </summary>
public sealed record Recipe
{
    /// <summary>The document's number, 000 to 004.</summary>
    public required string Document { get; init; }

    /// <summary>The lecture's command.</summary>
    public required string Name { get; init; }

    public required DataSettings Data { get; init; }

    public required NetworkSettings Network { get; init; }

    /// <summary>How the parameters start; by default as PyTorch's layers draw them.</summary>
    public Initialization Initialization { get; init; } = Initialization.Default;

    /// <summary>How many networks the document draws from the same generator before the one that it trains.</summary>
    public int NetworksBefore { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Whether a short last batch is left out.</summary>
    public bool DropLast { get; init; }

    /// <summary>A new order of the images in each epoch.</summary>
    public bool Shuffle { get; init; } = true;

    public required LossFunction Loss { get; init; }

    public required OptimizerSettings Optimizer { get; init; }

    public required int Epochs { get; init; }

    /// <summary>How it is tested after each epoch; null where the lecture does not test.</summary>
    public Evaluation? Evaluation { get; init; }

    /// <summary>
    /// The recipe for these data, whose images and classes decide how wide the network begins and ends. Throws BadInputException if there
    /// is nothing to learn from them.
    /// </summary>
    public Recipe For(TrainingData data)
    {
        if (!data.Images.Labels.AsSpan().ContainsAnyExcept(data.Images.Labels[0]))
            throw new BadInputException($"{data.Images.Name}: all {data.Images.Count} images are of class "
                + $"{data.ClassNames[data.Images.Labels[0]]}, needs two classes to learn; --label-column tells a CSV file's");
        if (DropLast && data.Train.Count < BatchSize)
            throw new BadInputException(
                $"{data.Images.Name}: {data.Train.Count} training images, needs {BatchSize} or more, as {Name} has batches of so many");
        return this with { Network = Network.For(data) };
    }

    /// <summary>The network that is trained, drawn after those that the document draws before it.</summary>
    public Module NewNetwork(Generator generator)
    {
        for (int i = 0; i < NetworksBefore; i++)
            Build(generator);
        return Build(generator);
    }

    /// <summary>A fresh network, its parameters filled.</summary>
    public Module Build(Generator generator)
    {
        var net = Network.Build(generator);
        Initialization.Fill(net, generator);
        return net;
    }

    /// <summary>2·multiply–adds of one step: forward, weight gradients, and input gradients of all layers but the first.</summary>
    public double FlopPerStep
    {
        get
        {
            double products = 0;
            for (int i = 1; i < Network.Widths.Count; i++)
                products += (double)Network.Widths[i - 1] * Network.Widths[i] * (i == 1 ? 2 : 3);
            return 2 * products * BatchSize;
        }
    }
}

/// <summary>Batches of a test: WholeSet takes all images at once.</summary>
public sealed record Evaluation(int BatchSize, bool DropLast = false)
{
    public const int WholeSet = int.MaxValue;
}

/// <summary>The loss of a batch, by its name in PyTorch.</summary>
public sealed record LossFunction(string Name, Func<Tensor, Labels, Tensor> Of)
{
    /// <summary>Softmax cross-entropy of logits.</summary>
    public static LossFunction CrossEntropy { get; } = new("CrossEntropyLoss", (logits, labels) => logits.CrossEntropy(labels));

    /// <summary>Negative log-likelihood, for networks that end in log-softmax.</summary>
    public static LossFunction NegativeLogLikelihood { get; } = new("NLLLoss", (logP, labels) => logP.NllLoss(labels));

    /// <summary>Mean of (p − y)² over all classes: p the softmax of the logits, y 1 for the label and 0 elsewhere. Brier 1950.</summary>
    public static LossFunction SquaredError { get; } = new("MSELoss", (logits, labels) =>
    {
        var y = new float[logits.Length];
        int row = 0;
        foreach (int label in labels.ToArray())
            y[row++ * logits.Columns + label] = 1;
        return logits.Softmax().MseLoss(Tensor.From(y, logits.Shape, logits.Backend));
    });

    public static IReadOnlyList<LossFunction> All { get; } = [CrossEntropy, NegativeLogLikelihood, SquaredError];

    /// <summary>The loss of that name. Throws FormatException if there is none.</summary>
    public static LossFunction Named(string name) => All.FirstOrDefault(l => l.Name == name)
        ?? throw new FormatException($"LossFunction: '{name}' is none; needs {string.Join(" or ", All.Select(l => l.Name))}");
}

/// <summary>The engine's optimisers.</summary>
public enum OptimizerKind
{
    Sgd,
    Adam,
    AdamW,
    RmsProp,
    Adagrad,
}

/// <summary>An optimiser as a function of the parameters; what is not said is PyTorch's default. A momentum of 0 is none.</summary>
public sealed record OptimizerSettings(OptimizerKind Kind, double LearningRate, double WeightDecay = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] double Momentum = 0)
{
    /// <summary>As papers spell it.</summary>
    [JsonIgnore]
    public string Name => NameOf(Kind);

    public static string NameOf(OptimizerKind kind) => kind switch
    {
        OptimizerKind.Sgd => "SGD",
        OptimizerKind.RmsProp => "RMSprop",
        _ => kind.ToString(),
    };

    /// <summary>Whether it has a momentum to set; Adam's β₁ is not called so.</summary>
    public static bool HasMomentum(OptimizerKind kind) => kind is OptimizerKind.Sgd or OptimizerKind.RmsProp;

    public Optimizer Build(IEnumerable<Tensor> parameters) => Kind switch
    {
        OptimizerKind.Adam => new Adam(parameters, LearningRate, weightDecay: WeightDecay),
        OptimizerKind.AdamW => new AdamW(parameters, LearningRate, weightDecay: WeightDecay),
        OptimizerKind.RmsProp => new RmsProp(parameters, LearningRate, weightDecay: WeightDecay, momentum: Momentum),
        OptimizerKind.Adagrad => new Adagrad(parameters, LearningRate, weightDecay: WeightDecay),
        _ => new Sgd(parameters, LearningRate, Momentum, weightDecay: WeightDecay),
    };
}

/// <summary>What fills the parameters of a fresh network before its training. Name tells it in reports and errors.</summary>
public sealed record Initialization(string Name, Action<Module, Generator> Fill)
{
    /// <summary>What PyTorch's layers draw when they are made.</summary>
    public static Initialization Default { get; } = new("default", (_, _) => { });

    /// <summary>Every parameter, biases too, is that value.</summary>
    public static Initialization Constant(double value) => new(FormattableString.Invariant($"constant {value}"), (net, _) =>
    {
        foreach (var parameter in net.Parameters())
            Init.Constant(parameter, value);
    });

    /// <summary>Every parameter, biases too, from N(0, std²).</summary>
    public static Initialization Normal(double std) => new(FormattableString.Invariant($"normal {std}"), (net, generator) =>
    {
        foreach (var parameter in net.Parameters())
            Init.Normal(parameter, generator, mean: 0, std);
    });

    /// <summary>Weights by that initialiser of nn.init; biases are zero.</summary>
    public static Initialization Weights(string name, Action<Tensor, Generator> fill) => new(name, (net, generator) =>
    {
        foreach (var parameter in net.Parameters())
            if (parameter.Shape.Rank == 2)
                fill(parameter, generator);
            else
                Init.Zeros(parameter);
    });
}
