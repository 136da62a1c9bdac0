using System.Text.Json;
using NativeNN.Gpu;

namespace NativeNN.Bench;

/// <summary>
/// PyTorch on the same GPU in the same run (Bench/Peers/pytorch_cuda.py): matrix products in FP32 and TF32, steps plain and as CUDA
/// graphs.
/// </summary>
internal static class GpuPeersBench
{
    public static BenchTable? Run(GpuBackend gpu, string? only, string python)
    {
        if (!PeersBench.CanImport(python, "torch", threads: 1, out string missing))
        {
            Console.Error.WriteLine($"peers: {python} has no torch to compare with ({missing}); name another with --python");
            return null;
        }
        if (PeersBench.Start(python, 1, "-c", "import torch; assert torch.cuda.is_available()").ExitCode != 0)
        {
            Console.Error.WriteLine($"peers: the torch of {python} finds no CUDA device; --device cpu compares the CPU's steps");
            return null;
        }
        var table = new BenchTable(gpu.PeakGflops());
        foreach (int size in new[] { 1024, 2048, 4096 })
        {
            var own = new Dictionary<GemmVersion, double>();
            foreach (var version in new[] { GemmVersion.Auto, GemmVersion.TensorCores }.Where(gpu.Supports))
                own[version] = GpuGemmBench.Gflops(gpu, version, size);
            var (fp32, tf32) = (Ask(python, "--gemm", $"{size}"), Ask(python, "--gemm", $"{size}", "--tf32"));
            table.Add(("what", $"{size}×{size}×{size}, GFLOP/s"), ("torch", fp32), ("torch_other", tf32), ("other_is", "TF32"),
                ("own", own[GemmVersion.Auto]),
                ("own_other", own.GetValueOrDefault(GemmVersion.TensorCores)), ("own_other_is", "TF32×3"),
                    ("own_over_torch", own[GemmVersion.Auto] / fp32));
        }
        foreach (var recipe in LectureTraining.Recipes(only))
        {
            var data = LectureTraining.Load(recipe, gpu);
            string json = PeersBench.Json(recipe, data.Train.Count);
            var (plain, graph) = (Ask(python, "--setup", json), Ask(python, "--setup", json, "--graph"));
            var (launches, own) = GpuStepBench.Both(gpu, recipe, data, out _);
            table.Add(("what", $"{recipe.Name}, µs a step"), ("torch", plain), ("torch_other", graph), ("other_is", "CUDA graph"),
                ("own", launches),
                ("own_other", own), ("own_other_is", "graph"), ("own_over_torch", own / graph));
        }
        return table;
    }

    private static double Ask(string python, params string[] arguments)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Peers", "pytorch_cuda.py");
        var (exitCode, output, errors) = PeersBench.Start(python, 1, [script, .. arguments]);
        return exitCode == 0 ? JsonSerializer.Deserialize<double>(output)
            : throw new InvalidOperationException($"pytorch_cuda.py failed: {errors}");
    }
}
