using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Text.Json;
using NativeNN.Backends;
using NativeNN.Data;
using NativeNN.Experiments.Running;

namespace NativeNN.Bench;

/// <summary>
/// The same training steps in LibTorch, PyTorch and NumPy (Bench/Peers). LibTorch takes turns with ours in one process, sample by sample;
/// the others run between two measurements of our own, so that a busy machine slows both. Data, recipe and thread count are the same.
/// </summary>
internal static class PeersBench
{
    private static readonly (string Name, string Script)[] Peers =
    [
        ("PyTorch, DataLoader", "pytorch_dataloader.py"),
        ("PyTorch, indexed tensors", "pytorch_indexed.py"),
        ("NumPy by hand", "numpy_by_hand.py"),
    ];

    public static BenchTable Run(Backend backend, int threads, string? only, string python)
    {
        var recipes = LectureTraining.Recipes(only);
        var table = new BenchTable(Machine.Peak());
        foreach (var row in LibTorchPeer.Rows("step", threads, only))
            table.Add(row);
        if (!CanImport(python, "torch, numpy", threads, out string missing))
        {
            Console.Error.WriteLine($"peers: {python} has no torch and numpy to compare with ({missing}); name another with --python");
            return table;
        }
        foreach (var recipe in recipes)
        {
            var training = new LectureTraining(recipe, LectureTraining.Load(recipe, backend));
            string setup = Json(recipe, training.Loop.Batches.Dataset.Count);
            foreach (var (name, script) in Peers)
            {
                double before = StepBench.Measure(training, backend).Seconds;
                double peer = RunPeer(python, script, setup, threads);
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
