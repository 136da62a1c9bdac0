namespace NativeNN.Backends;

/// <summary>The elementwise functions a backend knows.</summary>
public enum Activation
{
    /// <summary>max(x, 0); NaN stays NaN.</summary>
    Relu,

    /// <summary>x for x &gt; 0, else αx.</summary>
    LeakyRelu,

    /// <summary>1/(1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>x for x &gt; 0, else α(eˣ − 1).</summary>
    Elu,

    /// <summary>x·Φ(x), Φ by erf.</summary>
    Gelu,

    /// <summary>log(1 + eˣ), x itself above 20.</summary>
    Softplus,

    /// <summary>eˣ.</summary>
    Exp,

    /// <summary>|x|, derivative 0 at 0.</summary>
    Abs,

    /// <summary>x².</summary>
    Square,

    /// <summary>√x.</summary>
    Sqrt,
}

/// <summary>The elementwise operations of two operands.</summary>
public enum BinaryOp
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a − b.</summary>
    Sub,

    /// <summary>a · b.</summary>
    Mul,

    /// <summary>a / b.</summary>
    Div,
}

/// <summary>Which dimension a reduction runs along, as PyTorch's dim: 0 sums the rows up, 1 sums each row.</summary>
public enum Axis
{
    /// <summary>Over the rows: [rows, columns] → [columns].</summary>
    Rows = 0,

    /// <summary>Over the columns: [rows, columns] → [rows].</summary>
    Columns = 1,

    /// <summary>Over everything: → one value.</summary>
    All = 2,
}

/// <summary>How a loss over a batch becomes one number.</summary>
public enum Reduction
{
    /// <summary>One loss per row.</summary>
    None,

    /// <summary>Σ / counting rows.</summary>
    Mean,

    /// <summary>Σ.</summary>
    Sum,
}

/// <summary>Steps between neighbouring rows and columns of an operand; 0 repeats the same value (broadcasting).</summary>
public readonly record struct Strides(int Row, int Column)
{
    /// <summary>A dense matrix with that many columns.</summary>
    public static Strides Dense(int columns) => new(columns, 1);
}

/// <summary>One SGD step. FirstStep: the momentum buffer is empty and takes g itself. Sutskever et al. 2013, in PyTorch's form.</summary>
public readonly record struct SgdStep(float LearningRate, float Momentum, float Dampening, float WeightDecay, bool Nesterov, bool FirstStep);

/// <summary>
/// One Adam step t ≥ 1 (Kingma &amp; Ba 2015; decoupled decay: Loshchilov &amp; Hutter 2019):
/// w −= lr·decay·w if decoupled, else g += decay·w;  m = β₁m + (1−β₁)g;  v = β₂v + (1−β₂)g²;
/// w −= (lr / (1−β₁ᵗ)) · m / (√v / √(1−β₂ᵗ) + ε), where v is the running maximum vMax if there is one.
/// </summary>
public readonly record struct AdamStep(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, bool Decoupled, int Step)
{
    /// <summary>lr / (1−β₁ᵗ).</summary>
    public float StepSize => (float)(LearningRate / (1 - Math.Pow(Beta1, Step)));

    /// <summary>√(1−β₂ᵗ).</summary>
    public float RootBiasCorrection2 => (float)Math.Sqrt(1 - Math.Pow(Beta2, Step));
}

/// <summary>
/// One RMSprop step (Tieleman &amp; Hinton 2012): g += decay·w; s = αs + (1−α)g²; centred: a = αa + (1−α)g, r = √(s − a²) else r = √s;
/// momentum: b = μb + g/(r + ε), w −= lr·b; else w −= lr·g/(r + ε).
/// </summary>
public readonly record struct RmsPropStep(float LearningRate, float Alpha, float Epsilon, float WeightDecay, float Momentum);
