using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using NativeNN.Experiments.Compare;
using NativeNN.Layers;
using NativeNN.Random;
using NativeNN.Tests.Compare;

namespace NativeNN.Tests.Goldens;

/// <summary>One training of train.json or track.json, built from what the case says about it.</summary>
internal sealed class GoldenTraining
{
    private readonly TrainingRecipe recipe;
    private readonly Generator generator;
    private readonly bool shuffle;

    /// <summary>
    /// With FMA, every operation of a training rounds as PyTorch's does, whatever the width of the vectors, if PyTorch ran on OpenBLAS's kernels for
    /// AVX-512 and its own for AVX2 when it made the file.
    /// </summary>
    public static bool HasPyTorchsBits(string file)
    {
        var made = GoldenFiles.Root(file).GetProperty("env");
        return Fma.IsSupported && Vector256.IsHardwareAccelerated && !made.GetProperty("mkl").GetBoolean()
            && made.GetProperty("openblas_coretype").GetString() == "SKYLAKEX" && made.GetProperty("capability").GetString() == "AVX2";
    }

    public GoldenTraining(TrainingRecipe recipe, JsonElement golden, string init = "default", double sigma = 0)
    {
        this.recipe = recipe;
        shuffle = golden.GetProperty("shuffle").GetBoolean();
        bool split = golden.GetProperty("first_row").ValueKind == JsonValueKind.Number;
        Data = split
            ? LectureData.Of(recipe.Data, golden.GetProperty("first_row").GetInt32(), golden.GetProperty("split_seed").GetUInt32())
            : LectureData.Of(recipe.Data);
        generator = new Generator(golden.GetProperty("seed").GetInt64());
        Net = recipe.Network(generator);
        foreach (var (weight, bias) in Net.Modules.OfType<Linear>().Select(l => (l.Weight, l.Bias!)))
            Overwrite(weight, bias, init, sigma);
        Net.To(LectureData.Cpu);
    }

    public Sequential Net { get; }

    public ComparedData Data { get; }

    public DropoutKernel DropoutKernel { init => generator.DropoutKernel = value; }

    public TrainingTrace Run(int epochs, Action<int>? beforeEpoch = null) =>
        new ComparedTraining(recipe, Data, Net, generator) { Shuffle = shuffle, BeforeEpoch = beforeEpoch }.Run(epochs);

    /// <summary>The configuration that a case of train.json carries.</summary>
    public static TrainingRecipe Recipe(JsonElement golden)
    {
        var config = golden.GetProperty("config");
        return new()
        {
            Widths = config.GetProperty("dims").Ints(),
            Data = config.GetProperty("data").GetString() switch
            {
                "small" => DataPart.Small,
                "std" => DataPart.Standardized,
                "half" => DataPart.Half,
                var other => throw new NotSupportedException($"data '{other}'"),
            },
            BatchSize = config.GetProperty("bs").GetInt32(),
            DropLast = config.GetProperty("drop_last").GetBoolean(),
            TestBatchSize = config.GetProperty("tbs").GetInt32(),
            TestDropLast = config.GetProperty("tdl").GetBoolean(),
            Adam = config.GetProperty("opt").GetString() switch
            {
                "Adam" => true,
                "SGD" => false,
                var other => throw new NotSupportedException($"optimiser '{other}'"),
            },
            LearningRate = config.GetProperty("lr").GetDouble(),
            Relu = !config.TryGetProperty("act", out var activation) || activation.GetString() == "relu",
            Dropout = golden.TryGetProperty("drop", out var drop) ? drop.GetDouble() : config.GetProperty("drop").GetDouble(),
            LogSoftmax = config.GetProperty("logsm").GetBoolean(),
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
