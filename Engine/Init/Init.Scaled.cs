using NativeNN.Random;

namespace NativeNN;

// Initialisers whose spread follows from the layer's width. y = Σ_in w·x has Var y = in·Var w·Var x, so Var w = 1/in keeps a signal's size
// from layer to layer, and on the way back Var w = 1/out that of the gradients. The gain makes up for what the activation takes away.
// A uniform distribution on ±b has the variance b²/3, so b = √3·std. Bounds are computed in float64 in PyTorch's order of operations: the
// float32 values they lead to are PyTorch's bit for bit.
public static partial class Init
{
    //  Var w = gain²·2/(in + out): between what the forward and what the backward pass would like. Glorot & Bengio 2010.

    /// <summary>
    /// Glorot's: uniform on ±gain·√(6/(in + out)). weight: [out, in]. Throws ShapeException unless it has two dimensions.
    /// </summary>
    public static void XavierUniform(Tensor weight, Generator generator, double gain = 1)
    {
        double bound = Math.Sqrt(3.0) * XavierStd("XavierUniform", weight, gain);
        Uniform(weight, generator, -bound, bound);
    }

    /// <summary>
    /// Glorot's: normal with std = gain·√(2/(in + out)). weight: [out, in]. Throws ShapeException unless it has two dimensions.
    /// </summary>
    public static void XavierNormal(Tensor weight, Generator generator, double gain = 1) =>
        Normal(weight, generator, mean: 0, XavierStd("XavierNormal", weight, gain));

    private static double XavierStd(string method, Tensor weight, double gain) =>
        gain * Math.Sqrt(2.0 / (Fan(method, weight, FanMode.FanIn) + (double)Fan(method, weight, FanMode.FanOut)));

    //  Var w = gain²/fan. He et al. 2015. Why √2 for a ReLU: Var y = in·Var w·E[x²], with the mean square of x, as the mean of x = relu(y')
    //  is not 0. y' is symmetric round 0, so its ReLU keeps half of the squares: E[x²] = ½·Var y'. Var y = Var y' then needs in·Var w = 2.
    //  A slope a below 0 keeps (1 + a²)/2 of them, which gives gain² = 2/(1 + a²).

    /// <summary>
    /// He's: uniform on ±gain·√(3/fan). weight: [out, in]; a is the negative slope if the nonlinearity is LeakyReLU.
    /// Throws ShapeException unless it has two dimensions.
    /// </summary>
    public static void KaimingUniform(Tensor weight, Generator generator, double a = 0, FanMode mode = FanMode.FanIn,
        Nonlinearity nonlinearity = Nonlinearity.LeakyRelu)
    {
        double bound = Math.Sqrt(3.0) * KaimingStd("KaimingUniform", weight, mode, CalculateGain(nonlinearity, a));
        Uniform(weight, generator, -bound, bound);
    }

    /// <summary>He's: normal with std = gain/√fan; else as KaimingUniform.</summary>
    public static void KaimingNormal(Tensor weight, Generator generator, double a = 0, FanMode mode = FanMode.FanIn,
        Nonlinearity nonlinearity = Nonlinearity.LeakyRelu) =>
        Normal(weight, generator, mean: 0, KaimingStd("KaimingNormal", weight, mode, CalculateGain(nonlinearity, a)));

    private static double KaimingStd(string method, Tensor weight, FanMode mode, double gain) =>
        gain / Math.Sqrt(Fan(method, weight, mode));

    //  Var w = 1/in: Kaiming's with gain 1. LeCun et al. 1998.

    /// <summary>LeCun's: uniform on ±√(3/in). weight: [out, in]. Throws ShapeException unless it has two dimensions.</summary>
    public static void LecunUniform(Tensor weight, Generator generator)
    {
        double bound = Math.Sqrt(3.0) * KaimingStd("LecunUniform", weight, FanMode.FanIn, gain: 1);
        Uniform(weight, generator, -bound, bound);
    }

    /// <summary>LeCun's: normal with std = 1/√in. weight: [out, in]. Throws ShapeException unless it has two dimensions.</summary>
    public static void LecunNormal(Tensor weight, Generator generator) =>
        Normal(weight, generator, mean: 0, KaimingStd("LecunNormal", weight, FanMode.FanIn, gain: 1));

    //  gain² = 2/(1 + a²) = 1/3 for a = √5, so the bound √3·gain/√in is 1/√in: Var w = 1/(3·in), a third of LeCun's.

    /// <summary>
    /// What a new Linear layer gets, as PyTorch's: weight [out, in] kaiming-uniform with a = √5, which is uniform on ±1/√in, then bias
    /// [out] likewise. Throws ShapeException unless the weight has two dimensions.
    /// </summary>
    public static void LinearDefault(Tensor weight, Tensor? bias, Generator generator)
    {
        int fanIn = Fan("LinearDefault", weight, FanMode.FanIn);
        KaimingUniform(weight, generator, a: Math.Sqrt(5.0));
        double bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        if (bias is not null)
            Uniform(bias, generator, -bound, bound);
    }

    /// <summary>
    /// The factor by which weights are scaled up before an activation, as <c>nn.init.calculate_gain</c>. slope: LeakyReLU's below 0; the
    /// others ignore it.
    /// </summary>
    public static double CalculateGain(Nonlinearity nonlinearity, double slope = 0.01) => nonlinearity switch
    {
        Nonlinearity.Linear or Nonlinearity.Sigmoid => 1,
        Nonlinearity.Tanh => 5.0 / 3,
        Nonlinearity.Relu => Math.Sqrt(2.0),
        Nonlinearity.LeakyRelu => Math.Sqrt(2.0 / (1 + slope * slope)),
        Nonlinearity.Selu => 3.0 / 4,
        _ => throw new ArgumentOutOfRangeException(nameof(nonlinearity), nonlinearity, "CalculateGain: unknown nonlinearity"),
    };

    //  weight: [out, in]
    private static int Fan(string method, Tensor weight, FanMode mode)
    {
        var (fanOut, fanIn) = Matrix(method, weight, "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
        return mode == FanMode.FanIn ? fanIn : fanOut;
    }
}
