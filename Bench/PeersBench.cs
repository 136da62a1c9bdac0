using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text.Json;
using NativeNN.Backends;
using NativeNN.Data;
using NativeNN.Experiments.Running;

namespace NativeNN.Bench;

/// <summary>
/// The same training steps in LibTorch, PyTorch, NumPy, tinygrad, micrograd and ggml (Bench/Peers), as far as they are here. LibTorch takes
/// turns with ours in one process, sample by sample; the others run between two measurements of our own, so that a busy machine slows both.
/// Data, recipe and thread count are the same (ggml's data are random).
/// </summary>
internal static class PeersBench
{
    private static readonly (string Name, string Script, string Modules)[] Peers =
    [
        ("PyTorch, DataLoader", "pytorch_dataloader.py", "torch, numpy"),
        ("PyTorch, indexed tensors", "pytorch_indexed.py", "torch, numpy"),
        ("NumPy by hand", "numpy_by_hand.py", "numpy"),
        ("tinygrad", "tinygrad_step.py", "tinygrad, numpy"),
        ("micrograd", Micrograd, "micrograd, numpy"),
    ];
    private const string Micrograd = "micrograd_step.py";

    /// <summary>python: an interpreter; ggml: the program built from ggml_step.cpp, or null.</summary>
    public static BenchTable Run(Backend backend, int threads, string? only, string python, string? ggml)
    {
        var recipes = LectureTraining.Recipes(only);
        var table = new BenchTable(Machine.Peak());
        foreach (var row in LibTorchPeer.Rows("step", threads, only))
            table.Add(row);
        var here = new List<(string Name, string Script)>();
        foreach (var (name, script, modules) in Peers)
            if (CanImport(python, modules, threads, out string missing))
                here.Add((name, script));
            else
                Console.Error.WriteLine($"peers: no {name}: {python} says {missing}; name another with --python");
        foreach (var recipe in recipes)
        {
            var training = new LectureTraining(recipe, LectureTraining.Load(recipe, backend));
            string setup = Json(recipe, training.Loop.Batches.Dataset.Count);
            foreach (var (name, script) in here)
                if (script != Micrograd || recipe is { Optimizer.Kind: OptimizerKind.Sgd, Network.Dropout: 0 })
                    Add(name, () => RunPeer(python, script, setup, threads));
            if (ggml is not null && recipe.Network.Dropout == 0)
                Add("ggml", () => RunGgml(ggml, recipe, training.Loop.Batches.Dataset.Count, threads));

            void Add(string name, Func<double> measure)
            {
                double before = StepBench.Measure(training, backend).Seconds;
                double peer = measure();
                double own = (before + StepBench.Measure(training, backend).Seconds) / 2 * 1e6;
                table.Add(("lecture", recipe.Name), ("peer", name), ("peer_microseconds", peer), ("microseconds", own),
                    ("speedup", peer / own));
            }
        }
        return table;
    }

    /// <summary>
    /// The recipe and the number of its training images as the scripts read them; inputs holds what each of the 256 grey values becomes.
    /// </summary>
    public static string Json(Recipe recipe, int images) => JsonSerializer.Serialize(new
    {
        images,
        inputs = recipe.Data.Normalization.Table.ToArray(),
        widths = recipe.Network.Widths,
        batch = recipe.BatchSize,
        drop_last = recipe.DropLast,
        optimizer = $"{recipe.Optimizer.Kind}".ToLowerInvariant(),
        learning_rate = recipe.Optimizer.LearningRate,
        activation = $"{recipe.Network.Activation}".ToLowerInvariant(),
        dropout = recipe.Network.Dropout,
        log_softmax_loss = recipe.Network.LogSoftmax,
    });

    private static double RunPeer(string python, string script, string setup, int threads)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Peers", script);
        var (exitCode, output, errors) = Start(python, threads, path, "--setup", setup,
            "--data", Mnist.BundledFolder, "--threads", $"{threads}");
        if (exitCode != 0)
            throw new InvalidOperationException($"{script} failed: {errors}");
        var result = JsonDocument.Parse(output).RootElement;
        if (result.GetProperty("blas").GetString() == "")
            Console.Error.WriteLine($"{script}: its matrix products run on the slow reference BLAS, so the comparison flatters us; "
                + "install OpenBLAS (Debian: libopenblas0)");
        return result.GetProperty("microseconds").GetDouble();
    }

    private static double RunGgml(string program, Recipe recipe, int images, int threads)
    {
        var (exitCode, output, errors) = Start(program, threads, string.Join(',', recipe.Network.Widths), $"{recipe.BatchSize}",
            $"{recipe.Optimizer.Kind}".ToLowerInvariant(), recipe.Optimizer.LearningRate.ToString(CultureInfo.InvariantCulture),
            $"{threads}", $"{images}");
        return exitCode == 0
            ? JsonDocument.Parse(output).RootElement.GetProperty("microseconds").GetDouble()
            : throw new BadInputException($"--ggml {program}: ended with {exitCode}: {errors.Trim()}");
    }

    public static bool CanImport(string python, string modules, int threads, out string error)
    {
        try
        {
            (int exitCode, _, error) = Start(python, threads, "-c", $"import {modules}");
            error = error.Trim().Split('\n')[^1];
            return exitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            error = e.Message;
            return false;
        }
    }

    public static (int ExitCode, string Output, string Errors) Start(string python, int threads, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        foreach (string variable in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" })
            start.Environment[variable] = $"{threads}";
        // OpenBLAS does not know every CPU with AVX-512 and would take a slow kernel.
        if (Vector512.IsHardwareAccelerated)
            start.Environment["OPENBLAS_CORETYPE"] = "SKYLAKEX";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
