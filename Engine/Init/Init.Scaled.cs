using NativeNN.Random;

namespace NativeNN;

// Initialisers whose spread follows from the layer's width. Each computes its bound in float64 in PyTorch's order of
// operations, so that the float32 values it leads to are PyTorch's bit for bit.
public static partial class Init
{
    //  Glorot and Bengio (2010):  Var w = gain²·2/(in + out)     uniform on ±√3·std
    internal static void XavierUniform(Span<float> weight, int fanIn, int fanOut, Generator generator, double gain)
    {
        double bound = Math.Sqrt(3.0) * XavierStd(fanIn, fanOut, gain);
        generator.Uniform(weight, -bound, bound);
    }

    internal static void XavierNormal(Span<float> weight, int fanIn, int fanOut, Generator generator, double gain) =>
        generator.Normal(weight, mean: 0, XavierStd(fanIn, fanOut, gain));

    private static double XavierStd(int fanIn, int fanOut, double gain) => gain * Math.Sqrt(2.0 / (fanIn + (double)fanOut));

    //  He et al. (2015):  Var w = gain²/fan     uniform on ±√3·std
    internal static void KaimingUniform(Span<float> weight, int fan, Generator generator, double gain)
    {
        double std = gain / Math.Sqrt(fan);
        double bound = Math.Sqrt(3.0) * std;
        generator.Uniform(weight, -bound, bound);
    }

    internal static void KaimingNormal(Span<float> weight, int fan, Generator generator, double gain) =>
        generator.Normal(weight, mean: 0, gain / Math.Sqrt(fan));

    //  LeCun et al. (1998):  Var w = 1/in, which is Kaiming's with gain 1
    internal static void LecunUniform(Span<float> weight, int fanIn, Generator generator) =>
        KaimingUniform(weight, fanIn, generator, gain: 1);

    internal static void LecunNormal(Span<float> weight, int fanIn, Generator generator) =>
        KaimingNormal(weight, fanIn, generator, gain: 1);

    //  nn.Linear's own:  W by kaiming_uniform(a = √5), which is uniform on ±1/√in;  b uniform on ±1/√in
    internal static void LinearDefault(Span<float> weight, Span<float> bias, int fanIn, Generator generator)
    {
        KaimingUniform(weight, fanIn, generator, CalculateGain(Nonlinearity.LeakyRelu, Math.Sqrt(5.0)));
        double bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        generator.Uniform(bias, -bound, bound);
    }
}
