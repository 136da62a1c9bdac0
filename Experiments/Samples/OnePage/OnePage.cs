// The engine in one page: tensors, autograd, three ops, SGD, PyTorch's random stream, MNIST. README.md leads from here to the real one.
using System.IO.Compression;

namespace NativeNN.Samples;

/// <summary>A matrix, row by row; what it was computed from, and what its gradient adds to theirs.</summary>
public sealed class Tensor(int rows, int columns, params Tensor[] inputs)
{
    private readonly Tensor[] inputs = inputs;
    private readonly float[] grad = new float[rows * columns]; // ∂loss/∂Data
    private Action backward = () => { };
    public float[] Data { get; } = new float[rows * columns];

    //  Y = X·Wᵀ + b     X: [rows, columns]   W: [outs, columns]   b: [1, outs]        dX = dY·W    dW = dYᵀ·X    db = Σ_rows dY
    public Tensor Linear(Tensor w, Tensor b)
    {
        int outs = b.Data.Length;
        var y = new Tensor(rows, outs, this, w, b);
        for (int c = 0; c < y.Data.Length; c++)
        {
            int i = c / outs * columns, j = c % outs * columns; // where row c / outs of X and row c % outs of W begin
            float sum = b.Data[c % outs];
            for (int p = 0; p < columns; p++)
                sum += Data[i + p] * w.Data[j + p];
            y.Data[c] = sum;
        }
        y.backward = () =>
        {
            for (int c = 0; c < y.Data.Length; c++)
            {
                int i = c / outs * columns, j = c % outs * columns;
                b.grad[c % outs] += y.grad[c];
                for (int p = 0; p < columns; p++)
                {
                    grad[i + p] += y.grad[c] * w.Data[j + p];
                    w.grad[j + p] += y.grad[c] * Data[i + p];
                }
            }
        };
        return y;
    }

    //  y = max(x, 0)        dx = dy where y > 0, else 0
    public Tensor Relu()
    {
        var y = new Tensor(rows, columns, this);
        for (int i = 0; i < Data.Length; i++)
            y.Data[i] = MathF.Max(Data[i], 0);
        y.backward = () =>
        {
            for (int i = 0; i < Data.Length; i++)
                grad[i] += y.Data[i] > 0 ? y.grad[i] : 0;
        };
        return y;
    }

    //  The mean over the rows of −log p_label, p = softmax(x) = e^(x − max)/Σ e^(x − max)        dx = (p − onehot(label))·dy/rows
    public Tensor CrossEntropy(byte[] labels)
    {
        var (loss, p) = (new Tensor(1, 1, this), new float[Data.Length]);
        for (int i = 0; i < rows; i++)
        {
            var row = Data[(i * columns)..((i + 1) * columns)];
            float max = row.Max(), sum = row.Sum(x => MathF.Exp(x - max));
            for (int j = 0; j < columns; j++)
                p[i * columns + j] = MathF.Exp(row[j] - max) / sum;
            loss.Data[0] -= MathF.Log(p[i * columns + labels[i]]) / rows;
        }
        loss.backward = () =>
        {
            for (int j = 0; j < p.Length; j++)
                grad[j] += (p[j] - (j % columns == labels[j / columns] ? 1 : 0)) * loss.grad[0] / rows;
        };
        return loss;
    }

    // A gradient goes on when all uses have added their share to it: in the reverse of an order where each comes after its inputs.
    public void Backward()
    {
        grad[0] = 1; // ∂loss/∂loss
        foreach (var tensor in TopologicalOrder(seen: []).Reverse())
            tensor.backward();
    }

    private IEnumerable<Tensor> TopologicalOrder(HashSet<Tensor> seen) =>
        seen.Add(this) ? [.. inputs.SelectMany(x => x.TopologicalOrder(seen)), this] : [];

    // SGD: w −= lr·∂loss/∂w, and the next gradient starts from 0.
    public void Step(float learningRate)
    {
        for (int i = 0; i < Data.Length; i++)
            (Data[i], grad[i]) = (Data[i] - learningRate * grad[i], 0);
    }
}

/// <summary>784-64-10 on MNIST, batches of 32 in the file's order; every draw as PyTorch's after manual_seed(seed).</summary>
public static class OnePage
{
    public static void Main()
    {
        foreach (float[] losses in Losses(Path.Combine(AppContext.BaseDirectory, "Data", "mnist"), seed: 42, learningRate: 0.1f).Chunk(75))
            Console.WriteLine($"{losses.Length} steps: mean loss {losses.Average():F4}");
    }

    public static IEnumerable<float> Losses(string folder, uint seed, float learningRate)
    {
        byte[] pixels = Read($"{folder}/train-images-idx3-ubyte.gz", skip: 16), labels = Read($"{folder}/train-labels-idx1-ubyte.gz", 8);
        using var words = MersenneTwister(seed).GetEnumerator();
        Tensor w1 = Uniform(words, 64, 784), b1 = Uniform(words, 1, 64, inputs: 784);
        Tensor w2 = Uniform(words, 10, 64), b2 = Uniform(words, 1, 10, inputs: 64);
        for (int start = 0; start < labels.Length; start += 32)
        {
            var x = new Tensor(32, 784);
            for (int i = 0; i < x.Data.Length; i++)
                x.Data[i] = pixels[start * 784 + i] / 255f;
            var loss = x.Linear(w1, b1).Relu().Linear(w2, b2).CrossEntropy(labels[start..(start + 32)]);
            loss.Backward();
            Array.ForEach([w1, b1, w2, b2], w => w.Step(learningRate));
            yield return loss.Data[0];
        }
    }

    private static Tensor Uniform(IEnumerator<uint> words, int rows, int columns, int? inputs = null)
    {
        var (w, bound) = (new Tensor(rows, columns), 1 / MathF.Sqrt(inputs ?? columns)); // ±1/√in, as PyTorch's Linear
        for (int i = 0; i < w.Data.Length && words.MoveNext(); i++)
            w.Data[i] = (words.Current & 0xffffff) / 16777216f * (2 * bound) - bound;
        return w;
    }

    // MT19937, the words that PyTorch draws from. Matsumoto and Nishimura 1998.
    private static IEnumerable<uint> MersenneTwister(uint seed)
    {
        var s = new uint[624];
        for (uint j = 0; j < 624; j++)
            s[j] = j == 0 ? seed : 1812433253u * (s[j - 1] ^ (s[j - 1] >> 30)) + j;
        for (int k = 0; ; k = (k + 1) % 624)
        {
            uint mixed = (s[k] & 0x80000000u) | (s[(k + 1) % 624] & 0x7fffffffu);
            uint y = s[k] = s[(k + 397) % 624] ^ (mixed >> 1) ^ ((mixed & 1) * 0x9908b0dfu);
            y ^= y >> 11;
            y ^= (y << 7) & 0x9d2c5680u;
            y ^= (y << 15) & 0xefc60000u;
            yield return y ^ (y >> 18);
        }
    }

    private static byte[] Read(string path, int skip) =>
        new BinaryReader(new GZipStream(new MemoryStream(File.ReadAllBytes(path)), CompressionMode.Decompress)).ReadBytes(1 << 26)[skip..];
}
