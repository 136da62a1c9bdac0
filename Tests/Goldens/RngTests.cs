using System.Text.Json;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Goldens;

/// <summary>Every case of rng.json: PyTorch's CPU generator and all that is drawn from it, bit for bit.</summary>
[Trait("Category", "Goldens")]
public class RngTests
{
    private const string File = "rng.json";

    public static IEnumerable<object[]> Cases => GoldenFiles.Rows(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees(int index, string title)
    {
        var golden = GoldenFiles.Case(File, index);
        var result = golden.GetProperty("result");
        var generator = new Generator(golden.GetProperty("seed").GetInt64());
        string op = golden.GetProperty("op").GetString()!;
        switch (op)
        {
            case "mt19937_u32":
                Words(result, generator);
                break;
            case "random_int64":
                Assert.All(result.EnumerateArray(), e => Assert.Equal(e.GetString(), generator.NextInt64().ToString()));
                break;
            case "rand":
                Assert.Equal(result.Singles(), Draw(golden, generator.Rand));
                break;
            case "randn":
                Assert.Equal(result.Singles(), Draw(golden, v => generator.Normal(v, 0, 1)));
                break;
            case "rand_summary":
                Same(result, Draw(golden, generator.Rand));
                break;
            case "randn_summary":
                Same(result, Draw(golden, v => generator.Normal(v, 0, 1)));
                break;
            case "randn_float64":
                NormalDoubles(golden, generator);
                break;
            case "rand_float64":
                double[] uniform = new double[golden.GetProperty("n").GetInt32()];
                generator.Uniform(uniform, 0, 1);
                Assert.Equal(result.GetProperty("data").Doubles(), uniform);
                break;
            case "uniform_":
                Same(result, Draw(golden, v =>
                    generator.Uniform(v, golden.GetProperty("lo").GetDouble(), golden.GetProperty("hi").GetDouble())));
                break;
            case "normal_":
                Same(result, Draw(golden, v =>
                    generator.Normal(v, golden.GetProperty("mean").GetDouble(), golden.GetProperty("std").GetDouble())));
                break;
            case "stream":
                Assert.All(result.EnumerateArray(), step => Stream(step, generator));
                break;
            case "randperm":
                Assert.Equal(result.Ints(), generator.RandPerm(golden.GetProperty("n").GetInt32()));
                break;
            case "randperm_summary":
                int[] order = generator.RandPerm(golden.GetProperty("n").GetInt32());
                Assert.Equal(result.GetProperty("first").Ints(), order[..32]);
                Assert.Equal(result.GetProperty("last").Ints(), order[^8..]);
                Assert.Equal(result.GetProperty("sha256_le_int64").GetString(), GoldenFiles.Sha256OfInt64(order));
                break;
            case "linear_stack_init":
                foreach (var (layer, expected) in Stack(golden.GetProperty("dims").Ints(), generator).Zip(result.EnumerateArray()))
                {
                    Same(expected.GetProperty("weight"), layer.Weight);
                    Same(expected.GetProperty("bias"), layer.Bias);
                }
                break;
            case "lecture002_reinit":
                Lecture002(golden, generator);
                break;
            case "dropout_mask":
                DropoutMask(golden, generator);
                break;
            case "dataloader":
                Loader(golden, generator);
                break;
            case "lecture004_unusual":
                Lecture004(result, generator);
                break;
            case "train_test_split":
                Split(golden, result);
                break;
            case "numpy_legacy_permutation":
                var numpy = new NumpyRandomState(golden.GetProperty("seed").GetUInt32());
                Assert.Equal(result.Ints(), numpy.Permutation(golden.GetProperty("n").GetInt32()));
                break;
            case var init when init.StartsWith("nn.init.", StringComparison.Ordinal):
                Initialiser(golden, init["nn.init.".Length..], generator);
                break;
            default:
                Assert.Fail($"{title}: no test for this case.");
                break;
        }
        if (golden.TryGetProperty("next_rand", out var next))
        {
            float[] one = new float[1];
            generator.Rand(one);
            Assert.Equal(next.Single(), one[0]);
        }
    }

    private static void Words(JsonElement result, Generator generator)
    {
        uint[] words = new uint[1300];
        for (int k = 0; k < words.Length; k++)
            words[k] = generator.NextUInt32();
        Assert.Equal(result.GetProperty("first10").EnumerateArray().Select(e => e.GetUInt32()), words[..10]);
        Assert.Equal(result.GetProperty("at_623_624_625").EnumerateArray().Select(e => e.GetUInt32()), words[623..626]);
        Assert.Equal(result.GetProperty("sha256_le_first1300").GetString(), GoldenFiles.Sha256<uint>(words));
    }

    private static void NormalDoubles(JsonElement golden, Generator generator)
    {
        double[] values = new double[golden.GetProperty("n").GetInt32()];
        generator.Normal(values, 0, 1);
        double[] expected = golden.GetProperty("result").GetProperty("data").Doubles();
        Assert.Equal(expected.Length, values.Length);
        // Two ulp of the larger of the value and the radius it came from (log and cos may each be one off).
        for (int k = 0; k < values.Length; k++)
            Assert.InRange(Math.Abs(values[k] - expected[k]), 0, 2 * Math.BitIncrement(Math.Abs(expected[k])) * 2.3e-16);
    }

    private static void Stream(JsonElement step, Generator generator)
    {
        int n = step.GetProperty("n").GetInt32();
        var data = step.GetProperty("data");
        string op = step.GetProperty("op").GetString()!;
        float[] values = new float[n];
        switch (op)
        {
            case "randn":
                generator.Normal(values, 0, 1);
                Assert.Equal(data.Singles(), values);
                break;
            case "rand":
                generator.Rand(values);
                Assert.Equal(data.Singles(), values);
                break;
            case "randperm":
                Assert.Equal(data.Ints(), generator.RandPerm(n));
                break;
            case "randint10":
                Assert.Equal(data.Ints(), values.Select(_ => (int)generator.RandInt(0, 10)));
                break;
            case "bernoulli.3":
                generator.Bernoulli(values, 0.3);
                Assert.Equal(data.Singles(), values);
                break;
            case "random_int64":
                Assert.Equal(data[0].GetString(), generator.NextInt64().ToString());
                break;
            default:
                Assert.Fail($"stream: no test for {op}.");
                break;
        }
    }

    private static void Lecture002(JsonElement golden, Generator generator)
    {
        // The shapes are those of the summaries: w1, b1, w2, b2, …
        var expected = golden.GetProperty("result").EnumerateArray().ToArray();
        int[][] shapes = expected.Select(e => e.GetProperty("shape").Ints()).ToArray();
        _ = Stack([shapes[0][1], .. shapes.Where(s => s.Length == 1).Select(s => s[0])], generator).ToArray();
        float sigma = (float)golden.GetProperty("sigma").GetDouble();
        foreach (var e in expected)
        {
            var tensor = Tensor.Empty(Shape.Of(e.GetProperty("shape").Ints()));
            Init.Normal(tensor, generator);
            Same(e, [.. tensor.ToArray().Select(v => v * sigma)]);
        }
    }

    private static void Lecture004(JsonElement result, Generator generator)
    {
        int[] shape = result.GetProperty("weight").GetProperty("shape").Ints();
        var (weight, bias) = Stack([shape[1], shape[0]], generator).Single();
        bool[] Mask(int count)
        {
            float[] uniform = new float[count];
            generator.Rand(uniform);
            return [.. uniform.Select(u => u < 0.5f)];
        }
        void Fill(float[] target, bool[] mask, bool where, float scale)
        {
            float[] normals = new float[mask.Count(m => m == where)];
            generator.Normal(normals, 0, 1);
            int next = 0;
            for (int k = 0; k < target.Length; k++)
            {
                if (mask[k] == where)
                    target[k] = normals[next++] * scale;
            }
        }
        bool[] weightMask = Mask(weight.Length);
        bool[] biasMask = Mask(bias.Length);
        Fill(weight, weightMask, where: true, 100f);
        Fill(weight, weightMask, where: false, 1e-8f);
        Fill(bias, biasMask, where: true, 100f);
        Fill(bias, biasMask, where: false, 1e-8f);
        Assert.Equal(result.GetProperty("weight").GetProperty("data").Singles(), weight);
        Assert.Equal(result.GetProperty("bias").GetProperty("data").Singles(), bias);
    }

    private static void DropoutMask(JsonElement golden, Generator generator)
    {
        var result = golden.GetProperty("result");
        if (golden.GetProperty("path").GetString()!.StartsWith("MKL", StringComparison.Ordinal))
            generator.DropoutKernel = DropoutKernel.Mkl;
        float[] mask = new float[golden.GetProperty("shape").Ints().Aggregate((a, b) => a * b)];
        generator.DropoutMask(mask, golden.GetProperty("p").GetDouble());

        byte[] bits = new byte[(mask.Length + 7) / 8];
        for (int k = 0; k < mask.Length; k++)
            bits[k / 8] |= (byte)(mask[k] != 0 ? 0x80 >> (k % 8) : 0);
        Assert.Equal(result.GetProperty("mask_bits_hex").GetString(), Convert.ToHexStringLower(bits));
        if (result.TryGetProperty("kept", out var kept))
            Assert.Equal(kept.GetInt32(), mask.Count(m => m != 0));
        if (result.TryGetProperty("scale", out var scale))
            Assert.Equal(scale.Single(), mask.Max());
        if (result.TryGetProperty("sha256_le", out var hash))
            Assert.Equal(hash.GetString(), GoldenFiles.Sha256<float>(mask));
    }

    private static void Loader(JsonElement golden, Generator generator)
    {
        int n = golden.GetProperty("n").GetInt32();
        string note = golden.GetProperty("note").GetString()!;
        if (note.StartsWith("after nn.Linear(784,64)", StringComparison.Ordinal))
            _ = new Linear(784, 64, generator);
        var loader = new DataLoader(
            Numbered(n), golden.GetProperty("batch").GetInt32(), golden.GetProperty("shuffle").GetBoolean(),
            golden.GetProperty("drop_last").GetBoolean(), generator);
        var test = note.Contains("test loader", StringComparison.Ordinal)
            ? new DataLoader(Numbered(2000), batchSize: 32, shuffle: false, dropLast: false, generator)
            : null;
        foreach (var epoch in golden.GetProperty("result").EnumerateArray())
        {
            var batches = new List<int[]>();
            foreach (var (x, y) in loader)
            {
                batches.Add(y.ToArray());
                Assert.Equal(y.ToArray().Select(row => (float)row), x.ToArray());
            }
            Assert.Equal(epoch.GetProperty("batches").GetInt32(), batches.Count);
            Assert.Equal(epoch.GetProperty("first2")[0].Ints(), batches[0]);
            Assert.Equal(epoch.GetProperty("first2")[1].Ints(), batches[1]);
            Assert.Equal(epoch.GetProperty("last_batch").Ints(), batches[^1]);
            Assert.Equal(epoch.GetProperty("sha256_le_int64_all").GetString(), GoldenFiles.Sha256OfInt64(batches.SelectMany(b => b)));
            test?.ToList();
        }
    }

    //  TensorDataset(torch.arange(n)): every row, and its label, is its own number.
    private static TensorDataset Numbered(int n) => new(
        Tensor.From([.. Enumerable.Range(0, n).Select(k => (float)k)], (n, 1)), Labels.From([.. Enumerable.Range(0, n)]));

    private static void Split(JsonElement golden, JsonElement result)
    {
        int n = golden.GetProperty("n").GetInt32();
        var (train, test) = TrainTestSplit.Indices(n, golden.GetProperty("test_size").GetDouble(), golden.GetProperty("seed").GetUInt32());
        if (result.TryGetProperty("train", out var all))
        {
            Assert.Equal(all.Ints(), train);
            Assert.Equal(result.GetProperty("test").Ints(), test);
            return;
        }
        Assert.Equal(result.GetProperty("n_train").GetInt32(), train.Length);
        Assert.Equal(result.GetProperty("n_test").GetInt32(), test.Length);
        Assert.Equal(result.GetProperty("train_first32").Ints(), train[..32]);
        Assert.Equal(result.GetProperty("test_first32").Ints(), test[..32]);
        Assert.Equal(result.GetProperty("sha_train_int64").GetString(), GoldenFiles.Sha256OfInt64(train));
        Assert.Equal(result.GetProperty("sha_test_int64").GetString(), GoldenFiles.Sha256OfInt64(test));
    }

    private static void Initialiser(JsonElement golden, string name, Generator generator)
    {
        var w = Tensor.Empty(Shape.Of(golden.GetProperty("shape").Ints()));
        switch (name)
        {
            case "xavier_uniform_": Init.XavierUniform(w, generator); break;
            case "xavier_uniform_gain5/3": Init.XavierUniform(w, generator, gain: 5.0 / 3); break;
            case "xavier_normal_": Init.XavierNormal(w, generator); break;
            case "kaiming_uniform_relu": Init.KaimingUniform(w, generator, nonlinearity: Nonlinearity.Relu); break;
            case "kaiming_uniform_fan_out_leaky.1": Init.KaimingUniform(w, generator, a: 0.1, FanMode.FanOut); break;
            case "kaiming_normal_relu": Init.KaimingNormal(w, generator, nonlinearity: Nonlinearity.Relu); break;
            case "kaiming_normal_default": Init.KaimingNormal(w, generator); break;
            case "kaiming_normal_tanh": Init.KaimingNormal(w, generator, nonlinearity: Nonlinearity.Tanh); break;
            case "sparse_.1": Init.Sparse(w, generator, sparsity: 0.1); break;
            case "trunc_normal_": Init.TruncatedNormal(w, generator); break;
            case "trunc_normal_std.02_a-.04_b.04": Init.TruncatedNormal(w, generator, mean: 0, std: 0.02, low: -0.04, high: 0.04); break;
            case "orthogonal_": Init.Orthogonal(w, generator); break;
            default: Assert.Fail($"nn.init: no test for {name}."); break;
        }
        string tolerance = golden.GetProperty("tolerance").GetString()!;
        if (tolerance == "bit exact")
            Same(golden.GetProperty("result"), w.ToArray());
        else
            Close(golden.GetProperty("result"), w.ToArray(), float.Parse(tolerance.Split(' ')[1]));
    }

    private static float[] Draw(JsonElement golden, Action<Span<float>> fill)
    {
        float[] values = new float[golden.GetProperty("n").GetInt32()];
        fill(values);
        return values;
    }

    private delegate void Action<T>(T values)
        where T : allows ref struct;

    private static IEnumerable<(float[] Weight, float[] Bias)> Stack(int[] sizes, Generator generator)
    {
        for (int k = 0; k + 1 < sizes.Length; k++)
        {
            var layer = new Linear(sizes[k], sizes[k + 1], generator);
            yield return (layer.Weight.ToArray(), layer.Bias!.ToArray());
        }
    }

    private static void Same(JsonElement summary, float[] values)
    {
        float[] first = summary.GetProperty("first").Singles();
        Assert.Equal(first, values[..first.Length]);
        Assert.Equal(summary.GetProperty("sha256_le").GetString(), GoldenFiles.Sha256<float>(values));
    }

    private static void Close(JsonElement summary, float[] values, float tolerance)
    {
        float[] first = summary.GetProperty("first").Singles();
        float[] last = summary.GetProperty("last").Singles();
        Assert.All(first.Zip(values), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
        Assert.All(last.Zip(values[^last.Length..]), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
        double norm = Math.Sqrt(values.Sum(v => (double)v * v));
        Assert.Equal(summary.GetProperty("l2_f64").GetDouble(), norm, Math.Sqrt(values.Length) * tolerance);
    }
}
