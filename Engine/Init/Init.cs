using NativeNN.Random;

namespace NativeNN;

// The public side: each method overwrites a tensor, on whatever backend it lives, with values drawn on the CPU.
public static partial class Init
{
    private delegate void Filling(Span<float> values);

    /// <summary>All zeros.</summary>
    public static void Zeros(Tensor tensor) => Constant(tensor, 0);

    /// <summary>All ones.</summary>
    public static void Ones(Tensor tensor) => Constant(tensor, 1);

    /// <summary>One value throughout.</summary>
    public static void Constant(Tensor tensor, double value) => Fill(tensor, values => values.Fill((float)value));

    /// <summary>The identity matrix, cut or padded with zeros if not square. Throws ShapeException unless it has two dimensions.</summary>
    public static void Eye(Tensor weight)
    {
        var (rows, columns) = Matrix("Eye", weight, "Only tensors with 2 dimensions are supported");
        Fill(weight, values => Eye(values, rows, columns));
    }

    /// <summary>Uniform between low and high.</summary>
    public static void Uniform(Tensor tensor, Generator generator, double low = 0, double high = 1) =>
        Fill(tensor, values => generator.Uniform(values, low, high));

    /// <summary>Normal with that mean and standard deviation.</summary>
    public static void Normal(Tensor tensor, Generator generator, double mean = 0, double std = 1) =>
        Fill(tensor, values => generator.Normal(values, mean, std));

    /// <summary>
    /// Normal, cut to [low, high] by the inverse of its distribution function. Within 3 ulp of PyTorch, whose erf⁻¹ rounds differently.
    /// </summary>
    public static void TruncatedNormal(
        Tensor tensor, Generator generator, double mean = 0, double std = 1, double low = -2, double high = 2)
    {
        if (!(low < high) || !(std > 0))
            throw new ArgumentException($"TruncatedNormal: needs std > 0 and low < high, got std {std} and [{low}, {high}].");
        Fill(tensor, values => TruncatedNormal(values, generator, mean, std, low, high));
    }

    /// <summary>Glorot's: uniform on ±gain·√(6/(in + out)). weight: [out, in]. Throws ShapeException unless it has two dimensions.</summary>
    public static void XavierUniform(Tensor weight, Generator generator, double gain = 1)
    {
        var (fanIn, fanOut) = Fans("XavierUniform", weight);
        Fill(weight, values => XavierUniform(values, fanIn, fanOut, generator, gain));
    }

    /// <summary>Glorot's: normal with std = gain·√(2/(in + out)). weight: [out, in]. Throws ShapeException unless it has two dimensions.</summary>
    public static void XavierNormal(Tensor weight, Generator generator, double gain = 1)
    {
        var (fanIn, fanOut) = Fans("XavierNormal", weight);
        Fill(weight, values => XavierNormal(values, fanIn, fanOut, generator, gain));
    }

    /// <summary>
    /// He's: uniform on ±gain·√(3/fan). weight: [out, in]; a is the negative slope if the nonlinearity is LeakyReLU.
    /// Throws ShapeException unless it has two dimensions.
    /// </summary>
    public static void KaimingUniform(Tensor weight, Generator generator, double a = 0, FanMode mode = FanMode.FanIn,
        Nonlinearity nonlinearity = Nonlinearity.LeakyRelu)
    {
        int fan = Fan("KaimingUniform", weight, mode);
        Fill(weight, values => KaimingUniform(values, fan, generator, CalculateGain(nonlinearity, a)));
    }

    /// <summary>He's: normal with std = gain/√fan; else as KaimingUniform.</summary>
    public static void KaimingNormal(Tensor weight, Generator generator, double a = 0, FanMode mode = FanMode.FanIn,
        Nonlinearity nonlinearity = Nonlinearity.LeakyRelu)
    {
        int fan = Fan("KaimingNormal", weight, mode);
        Fill(weight, values => KaimingNormal(values, fan, generator, CalculateGain(nonlinearity, a)));
    }

    /// <summary>LeCun's: uniform on ±√(3/in). weight: [out, in]. Throws ShapeException unless it has two dimensions.</summary>
    public static void LecunUniform(Tensor weight, Generator generator)
    {
        int fan = Fan("LecunUniform", weight, FanMode.FanIn);
        Fill(weight, values => LecunUniform(values, fan, generator));
    }

    /// <summary>LeCun's: normal with std = 1/√in. weight: [out, in]. Throws ShapeException unless it has two dimensions.</summary>
    public static void LecunNormal(Tensor weight, Generator generator)
    {
        int fan = Fan("LecunNormal", weight, FanMode.FanIn);
        Fill(weight, values => LecunNormal(values, fan, generator));
    }

    /// <summary>
    /// Orthonormal rows (or columns, whichever are fewer), times gain. Within 2e-6 of PyTorch, whose QR rounds differently.
    /// Throws ShapeException unless it has two dimensions.
    /// </summary>
    public static void Orthogonal(Tensor weight, Generator generator, double gain = 1)
    {
        var (rows, columns) = Matrix("Orthogonal", weight, "Only tensors with 2 or more dimensions are supported");
        Fill(weight, values => Orthogonal(values, rows, columns, generator, gain));
    }

    /// <summary>
    /// Normal with that std, and zero in a share of the rows of every column. Throws ShapeException unless it has two dimensions.
    /// </summary>
    public static void Sparse(Tensor weight, Generator generator, double sparsity, double std = 0.01)
    {
        var (rows, columns) = Matrix("Sparse", weight, "Only tensors with 2 dimensions are supported");
        if (!(sparsity is >= 0 and <= 1))
            throw new ArgumentException($"Sparse: the share of zeros lies in [0, 1], got {sparsity}.");
        Fill(weight, values => Sparse(values, rows, columns, generator, sparsity, std));
    }

    /// <summary>
    /// What a new Linear layer gets, as PyTorch's: weight [out, in] kaiming-uniform with a = √5, that is uniform in ±1/√in, then bias [out] likewise.
    /// </summary>
    public static void LinearDefault(Tensor weight, Tensor? bias, Generator generator)
    {
        int fanIn = Fan("LinearDefault", weight, FanMode.FanIn);
        float[] weights = new float[weight.Length];
        float[] biases = new float[bias?.Length ?? 0];
        LinearDefault(weights, biases, fanIn, generator);
        weight.Set(weights);
        bias?.Set(biases);
    }

    private static void Fill(Tensor tensor, Filling fill)
    {
        float[] values = new float[tensor.Length];
        fill(values);
        tensor.Set(values);
    }
}
