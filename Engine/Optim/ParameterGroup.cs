namespace NativeNN.Optim;

/// <summary>
/// Parameters that an optimiser steps with the same numbers. Each may be changed between steps, which is what schedulers do; numbers that
/// are negative or not finite throw ArgumentOutOfRangeException.
/// </summary>
public sealed class ParameterGroup
{
    internal ParameterGroup(Tensor[] parameters, double learningRate, double weightDecay, double momentum)
    {
        Parameters = parameters;
        (LearningRate, WeightDecay, Momentum) = (learningRate, weightDecay, momentum);
    }

    /// <summary>What it holds.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>lr.</summary>
    public double LearningRate { get; set => field = Optimizer.AtLeastZero(value, nameof(LearningRate)); }

    /// <summary>λ.</summary>
    public double WeightDecay { get; set => field = Optimizer.AtLeastZero(value, nameof(WeightDecay)); }

    /// <summary>μ of SGD and RMSprop, β₁ of Adam; Adagrad has none.</summary>
    public double Momentum { get; set => field = Optimizer.AtLeastZero(value, nameof(Momentum)); }
}
