namespace NativeNN.Experiments.Study;

/// <summary>
/// The network of the walk once more, in loops alone: z1 = x·W1ᵀ + b1, h = max(0, z1), z2 = h·W2ᵀ + b2, loss = −mean log
/// softmax(z2)[label]. All in double, so that finite differences of it are exact to some eight digits. Arrays lie row by row.
/// </summary>
internal sealed class LoopNetwork(double[] x, int[] labels, int inputs, int hidden, int classes)
{
    private int Batch => labels.Length;

    /// <summary>y = x·Wᵀ + b. x: [batch, in], W: [out, in].</summary>
    private double[] Linear(double[] input, double[] w, double[] b)
    {
        int outs = b.Length, ins = input.Length / Batch;
        var y = new double[Batch * outs];
        for (int n = 0; n < Batch; n++)
            for (int o = 0; o < outs; o++)
            {
                double sum = b[o];
                for (int i = 0; i < ins; i++)
                    sum += input[n * ins + i] * w[o * ins + i];
                y[n * outs + o] = sum;
            }
        return y;
    }

    private static double[] Relu(double[] z) => [.. z.Select(value => Math.Max(0, value))];

    /// <summary>softmax of each row: e^z / Σ e^z.</summary>
    private double[] Softmax(double[] z)
    {
        var p = new double[z.Length];
        for (int n = 0; n < Batch; n++)
        {
            double sum = 0;
            for (int c = 0; c < classes; c++)
                sum += p[n * classes + c] = Math.Exp(z[n * classes + c]);
            for (int c = 0; c < classes; c++)
                p[n * classes + c] /= sum;
        }
        return p;
    }

    /// <summary>The loss from the logits on.</summary>
    public double LossOfZ2(double[] z2)
    {
        double sum = 0;
        double[] p = Softmax(z2);
        for (int n = 0; n < Batch; n++)
            sum -= Math.Log(p[n * classes + labels[n]]);
        return sum / Batch;
    }

    public double LossOfH(double[] h, Parameters w) => LossOfZ2(Linear(h, w.W2, w.B2));

    public double LossOfZ1(double[] z1, Parameters w) => LossOfH(Relu(z1), w);

    public double Loss(Parameters w) => LossOfZ1(Linear(x, w.W1, w.B1), w);

    /// <summary>The chain rule by hand, last to first.</summary>
    public IReadOnlyDictionary<string, double[]> Gradients(Parameters w)
    {
        double[] z1 = Linear(x, w.W1, w.B1), h = Relu(z1), p = Softmax(Linear(h, w.W2, w.B2));
        double[] dZ2 = new double[p.Length], dW2 = new double[w.W2.Length], dB2 = new double[classes];
        double[] dH = new double[h.Length], dZ1 = new double[h.Length], dW1 = new double[w.W1.Length], dB1 = new double[hidden];
        for (int n = 0; n < Batch; n++)
            for (int c = 0; c < classes; c++)
            {
                double d = dZ2[n * classes + c] = (p[n * classes + c] - (labels[n] == c ? 1 : 0)) / Batch;
                dB2[c] += d;
                for (int j = 0; j < hidden; j++)
                {
                    dW2[c * hidden + j] += d * h[n * hidden + j];
                    dH[n * hidden + j] += d * w.W2[c * hidden + j];
                }
            }
        for (int n = 0; n < Batch; n++)
            for (int j = 0; j < hidden; j++)
            {
                double d = dZ1[n * hidden + j] = z1[n * hidden + j] > 0 ? dH[n * hidden + j] : 0;
                dB1[j] += d;
                for (int i = 0; i < inputs; i++)
                    dW1[j * inputs + i] += d * x[n * inputs + i];
            }
        return new Dictionary<string, double[]>
        {
            ["z2"] = dZ2,
            ["W2"] = dW2,
            ["b2"] = dB2,
            ["h"] = dH,
            ["z1"] = dZ1,
            ["W1"] = dW1,
            ["b1"] = dB1,
        };
    }

    /// <summary>(L(v + ε) − L(v − ε)) / 2ε for one number of an array.</summary>
    public static double Difference(double[] values, int index, Func<double> loss)
    {
        const double epsilon = 1e-5;
        double value = values[index];
        values[index] = value + epsilon;
        double above = loss();
        values[index] = value - epsilon;
        double below = loss();
        values[index] = value;
        return (above - below) / (2 * epsilon);
    }

    public sealed record Parameters(double[] W1, double[] B1, double[] W2, double[] B2);
}
