using NativeNN.Backends;
using NativeNN.Random;

namespace NativeNN;

public sealed partial class Tensor
{
    /// <summary>Uniform in [0, 1), the numbers of PyTorch's torch.rand for the generator's state.</summary>
    public static Tensor Rand(Shape shape, Generator generator, Backend? backend = null)
    {
        var values = new float[shape.Length];
        generator.Rand(values);
        return From(values, shape, backend);
    }

    /// <summary>Normal with mean 0 and standard deviation 1, the numbers of torch.randn for the generator's state.</summary>
    public static Tensor Randn(Shape shape, Generator generator, Backend? backend = null)
    {
        var values = new float[shape.Length];
        generator.Normal(values, mean: 0, std: 1);
        return From(values, shape, backend);
    }

    /// <summary>0, 1, … below end.</summary>
    public static Tensor Arange(double end, Backend? backend = null) => Arange(0, end, backend: backend);

    /// <summary>
    /// start, start + step, … short of end: ⌈(end − start)/step⌉ numbers, rounded as torch.arange rounds them. Throws ArgumentException for
    /// a step of 0 or in the wrong direction.
    /// </summary>
    public static Tensor Arange(double start, double end, double step = 1, Backend? backend = null)
    {
        double count = Math.Ceiling((end - start) / step);
        if (!(count >= 0 && count <= Storage.MaxLength))
            throw new ArgumentException(
                $"Arange: got start {start}, end {end}, step {step}; needs a step other than 0 that leads from start to end in at most "
                + $"{Storage.MaxLength} numbers");
        var values = new float[(int)count];
        // PyTorch 1.13 computes sixteen at a time, in two registers of eight that start from a rounded number; what is left, one by one in
        // double.
        const int Register = 8;
        int whole = values.Length - values.Length % (2 * Register);
        for (int i = 0; i < values.Length; i++)
            values[i] = i < whole
                ? (float)((float)(start + step * (i - i % Register)) + i % Register * step)
                : (float)(start + step * i);
        return From(values, values.Length, backend);
    }

    /// <summary>The identity matrix of that size.</summary>
    public static Tensor Eye(int size, Backend? backend = null) => Eye(size, size, backend);

    /// <summary>Ones on the diagonal of a matrix of zeros.</summary>
    public static Tensor Eye(int rows, int columns, Backend? backend = null)
    {
        var tensor = Empty((rows, columns), backend);
        Init.Eye(tensor);
        return tensor;
    }
}
