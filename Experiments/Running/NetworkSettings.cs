using System.Text.Json.Serialization;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Experiments.Running;

/// <summary>What follows each hidden layer.</summary>
public enum HiddenActivation
{
    None,
    Relu,
    Sigmoid,
}

/// <summary>
/// A fully connected network in words: from these a document's network is built, and its size is known without building it.
/// </summary>
public sealed record NetworkSettings
{
    /// <summary>Inputs, hidden layers, outputs.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>The document's class and its layers' attributes; null for an nn.Sequential, whose layers have numbers.</summary>
    public (string Class, IReadOnlyList<string> Layers)? Names { get; init; }

    /// <summary>The layers' attributes in the document. Throws InvalidOperationException for an nn.Sequential.</summary>
    [JsonIgnore] // of computed properties the record leaves out all but lists
    public IReadOnlyList<string> LayerNames => Names!.Value.Layers;

    /// <summary>Batch normalisation of each hidden layer's outputs, before the activation. Ioffe &amp; Szegedy 2015.</summary>
    public bool BatchNorm { get; init; }

    public HiddenActivation Activation { get; init; } = HiddenActivation.Relu;

    /// <summary>Probability of dropping, after each hidden activation.</summary>
    public double Dropout { get; init; }

    /// <summary>Ends in log-softmax, for NLLLoss; else in logits.</summary>
    public bool LogSoftmax { get; init; }

    /// <summary>The same hidden layers between as many inputs as an image has pixels and as many outputs as there are classes.</summary>
    public NetworkSettings For(TrainingData data) => this with { Widths = [data.Inputs, .. Widths.Skip(1).SkipLast(1), data.ClassCount] };

    /// <summary>
    /// Other hidden layers between the same inputs and outputs. Where there are as many as before they keep the document's names.
    /// </summary>
    public NetworkSettings WithHidden(IReadOnlyList<int> hidden) => this with
    {
        Widths = [Widths[0], .. hidden, Widths[^1]],
        Names = Names is { } names && names.Layers.Count != hidden.Count + 1
            ? (names.Class, [.. hidden.Select((_, i) => $"fc{i + 1}"), "out"])
            : Names,
    };

    /// <summary>"784-64-32-10"</summary>
    public string Shape => string.Join('-', Widths);

    /// <summary>A fresh network with PyTorch's default weights, drawn layer by layer.</summary>
    public Module Build(Generator generator) => Names is null ? BuildSequential(generator) : new FeedForward(this, generator);

    /// <summary>The same as an nn.Sequential, whatever its names.</summary>
    public Sequential BuildSequential(Generator generator)
    {
        var modules = new List<Module>();
        for (int i = 1; i < Widths.Count; i++)
        {
            modules.Add(new Linear(Widths[i - 1], Widths[i], generator));
            if (i == Widths.Count - 1)
                break;
            if (BatchNorm)
                modules.Add(new BatchNorm1d(Widths[i]));
            if (Activation != HiddenActivation.None)
                modules.Add(Activation == HiddenActivation.Relu ? new Relu() : new Sigmoid());
            if (Dropout > 0)
                modules.Add(new Dropout(Dropout, generator));
        }
        if (LogSoftmax)
            modules.Add(new LogSoftmax());
        return new Sequential([.. modules]);
    }
}

/// <summary>
/// The documents' nn.Module classes: linear layers under their own names (and "fc1_bn" where a batch normalisation follows), the rest of
/// what lies between them in the forward pass.
/// x: [batch, in] → logits or log-probabilities [batch, out].
/// </summary>
public sealed class FeedForward : Module
{
    private readonly NetworkSettings settings;
    private readonly Generator generator;
    private readonly IReadOnlyList<BatchNorm1d> normalizations = [];

    public FeedForward(NetworkSettings settings, Generator generator)
    {
        (this.settings, this.generator) = (settings, generator);
        var (_, names) = settings.Names!.Value;
        Layers = [.. names.Select((name, i) => Register(name, new Linear(settings.Widths[i], settings.Widths[i + 1], generator)))];
        if (settings.BatchNorm)
            normalizations = [.. names.SkipLast(1).Select((name, i) => Register($"{name}_bn", new BatchNorm1d(settings.Widths[i + 1])))];
    }

    public override string TypeName => settings.Names!.Value.Class;

    /// <summary>The linear layers, first to last.</summary>
    public IReadOnlyList<Linear> Layers { get; }

    protected override Tensor Compute(Tensor x)
    {
        for (int i = 0; i < Layers.Count - 1; i++)
        {
            x = Layers[i].Forward(x);
            x = Activate(settings.BatchNorm ? normalizations[i].Forward(x) : x);
            if (IsTraining)
                x = x.Dropout(settings.Dropout, generator);
        }
        x = Layers[^1].Forward(x);
        return settings.LogSoftmax ? x.LogSoftmax() : x;
    }

    private Tensor Activate(Tensor x) => settings.Activation switch
    {
        HiddenActivation.Relu => x.Relu(),
        HiddenActivation.Sigmoid => x.Sigmoid(),
        _ => x,
    };
}
