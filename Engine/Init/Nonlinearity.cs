namespace NativeNN;

/// <summary>The activation that follows a layer; it decides the gain of <see cref="Init"/>'s scaled initialisers.</summary>
public enum Nonlinearity
{
    /// <summary>None: gain 1.</summary>
    Linear,

    /// <summary>Logistic sigmoid: gain 1.</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent: gain 5/3.</summary>
    Tanh,

    /// <summary>Rectified linear unit: gain √2.</summary>
    Relu,

    /// <summary>Leaky rectified linear unit with negative slope a: gain √(2/(1+a²)).</summary>
    LeakyRelu,

    /// <summary>Scaled exponential linear unit: gain 3/4.</summary>
    Selu,
}

/// <summary>Which side of a weight matrix [out, in] Kaiming's initialisers keep the variance of.</summary>
public enum FanMode
{
    /// <summary>The inputs: variances of the forward pass are kept.</summary>
    FanIn,

    /// <summary>The outputs: variances of the backward pass are kept.</summary>
    FanOut,
}
