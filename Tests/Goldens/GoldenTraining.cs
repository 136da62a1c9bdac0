using System.Text.Json;
using NativeNN.Backends.Simd;
using NativeNN.Data;
using NativeNN.Experiments.Compare;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;
using NativeNN.Tests.Compare;

namespace NativeNN.Tests.Goldens;

/// <summary>One training of train.json or track.json, built from what the case says about it.</summary>
internal sealed class GoldenTraining
{
    private readonly Recipe recipe;
    private readonly Generator generator;

    /// <summary>
    /// With FMA, every operation of a training rounds as PyTorch's does, whatever the width of the vectors, if PyTorch ran on OpenBLAS's
    /// kernels for AVX-512 and its own for AVX2 when it made the file.
    /// </summary>
    public static bool HasPyTorchsBits(string file)
    {
        var made = GoldenFiles.Root(file).GetProperty("env");
        return SimdBackend.FusesMultiplyAdd && !made.GetProperty("mkl").GetBoolean()
            && made.GetProperty("openblas_coretype").GetString() == "SKYLAKEX" && made.GetProperty("capability").GetString() == "AVX2";
    }

    public GoldenTraining(Recipe recipe, JsonElement golden, string init = "default", double sigma = 0)
    {
        var data = recipe.Data;
        int first = 0;
        if (golden.GetProperty("first_row").ValueKind == JsonValueKind.Number)
            (first, data) = (golden.GetProperty("first_row").GetInt32(),
                data with { SplitSeed = golden.GetProperty("split_seed").GetUInt32() });
        this.recipe = recipe with { Shuffle = golden.GetProperty("shuffle").GetBoolean() };
        Data = LectureData.Of(data, first);
        generator = new Generator(golden.GetProperty("seed").GetInt64());
        Net = recipe.Network.BuildSequential(generator);
        foreach (var (weight, bias) in Net.Modules.OfType<Linear>().Select(l => (l.Weight, l.Bias!)))
            Overwrite(weight, bias, init, sigma);
        Net.To(LectureData.Cpu);
    }

    public Sequential Net { get; }

    public TrainingData Data { get; }

    public DropoutKernel DropoutKernel { init => generator.DropoutKernel = value; }

    public TrainingTrace Run(int epochs, Action<int>? beforeEpoch = null) =>
        ComparedTraining.Trace(new TrainingLoop(recipe, Net, Data, generator), epochs, beforeEpoch: beforeEpoch);

    /// <summary>The recipe that a case of train.json carries: numbers of the oracle's own, not the lecture's.</summary>
    public static Recipe Recipe(JsonElement golden)
    {
        var config = golden.GetProperty("config");
        bool logSoftmax = config.GetProperty("logsm").GetBoolean();
        return new()
        {
            Document = golden.GetProperty("lecture").GetString()!,
            Name = golden.GetProperty("id").GetString()!,
            Data = config.GetProperty("data").GetString() switch
            {
                "small" => new() { Images = 20_000, TestShare = 0.1, SplitSeed = 42, Normalization = Normalization.Unit },
                "std" => new() { Normalization = Normalization.Mnist },
                "half" => new() { Normalization = Normalization.Half },
                var other => throw new NotSupportedException($"data '{other}'"),
            },
            Network = new()
            {
                Widths = config.GetProperty("dims").Ints(),
                Activation = !config.TryGetProperty("act", out var activation) ? HiddenActivation.Relu : activation.GetString() switch
                {
                    "relu" => HiddenActivation.Relu,
                    "none" => HiddenActivation.None,
                    var other => throw new NotSupportedException($"activation '{other}'"),
                },
                Dropout = golden.TryGetProperty("drop", out var drop) ? drop.GetDouble() : config.GetProperty("drop").GetDouble(),
                LogSoftmax = logSoftmax,
            },
            BatchSize = config.GetProperty("bs").GetInt32(),
            DropLast = config.GetProperty("drop_last").GetBoolean(),
            Loss = logSoftmax ? LossFunction.NegativeLogLikelihood : LossFunction.CrossEntropy,
            Optimizer = new(config.GetProperty("opt").GetString() switch
            {
                "Adam" => OptimizerKind.Adam,
                "SGD" => OptimizerKind.Sgd,
                var other => throw new NotSupportedException($"optimiser '{other}'"),
            }, config.GetProperty("lr").GetDouble()),
            Epochs = config.GetProperty("epochs").GetInt32(),
            Evaluation = new(config.GetProperty("tbs").GetInt32(), config.GetProperty("tdl").GetBoolean()),
        };
    }

    // The lectures' own initial weights, drawn in the order of their statements.
    private void Overwrite(Tensor weight, Tensor bias, string init, double sigma)
    {
        foreach (var parameter in new[] { weight, bias })
        {
            switch (init)
            {
                case "randn":
                    parameter.Set(Randn(parameter.Length, (float)sigma));
                    break;
                case "zeros" or "const":
                    Init.Constant(parameter, init == "zeros" ? 0 : 0.5);
                    break;
                case "default" or "unusual":
                    break;
                default:
                    throw new NotSupportedException($"initial weights '{init}'");
            }
        }
        if (init != "unusual")
            return;
        // Both masks first, then for each tensor the values where its mask is true, then the others.
        var masks = new[] { weight, bias }.Select(p => (Parameter: p, Mask: Mask(p.Length))).ToList();
        foreach (var (parameter, mask) in masks)
        {
            int large = mask.Count(m => m);
            var high = new Queue<float>(Randn(large, 100f));
            var low = new Queue<float>(Randn(mask.Length - large, 1e-8f));
            parameter.Set([.. mask.Select(m => m ? high.Dequeue() : low.Dequeue())]);
        }

        bool[] Mask(int length)
        {
            var uniform = new float[length];
            generator.Rand(uniform);
            return [.. uniform.Select(u => u < 0.5f)];
        }
    }

    private float[] Randn(int length, float scale)
    {
        var values = new float[length];
        generator.Normal(values, 0, 1);
        return [.. values.Select(v => v * scale)];
    }
}
