using System.CommandLine;
using NativeNN.Backends;
using NativeNN.Backends.Simd;
using NativeNN.Experiments.Cli;
using NativeNN.Experiments.Lectures;
using NativeNN.Gpu;

namespace NativeNN.Bench;

/// <summary>The commands and options on one page.</summary>
internal static class CommandLineProgram
{
    private static readonly Option<string?> Json = new("--json") { Description = "write the figures to that file too" };
    private static readonly Option<string> Device = new("--device") { Description = DeviceName.Forms, DefaultValueFactory = _ => "cpu" };
    private static readonly Option<int> Largest = new("--largest")
    {
        Description = "on a GPU: the largest square",
        DefaultValueFactory = _ => 4096,
    };
    private static readonly Option<bool> Peers = new("--peers") { Description = "beside LibTorch 2.10, in turn" };
    private static readonly Option<int> Threads = new("--threads")
    {
        Description = "CPU threads, up to the number of processors",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<string?> Only = new("--lecture") { Description = "one lecture only, by its name" };
    private static readonly Option<int> Epochs = new("--epochs") { Description = "epochs of each training", DefaultValueFactory = _ => 1 };
    private static readonly Option<int?> SweepEpochs = new("--epochs") { Description = "epochs of each network (default: the lecture's)" };
    private static readonly Option<int?> Sigmas = new("--sigmas") { Description = "only the first so many of the lecture's 25 σ" };
    private static readonly Option<int?> Size = new("--size") { Description = "one size only (default: 64, 256 and 1024)" };
    private static readonly Option<string> Python = new("--python")
    {
        Description = "a Python with torch and numpy",
        DefaultValueFactory = _ => "/usr/bin/python3",
    };
    private static readonly Option<string?> Ggml = new("--ggml") { Description = "the program built from Bench/Peers/ggml_step.cpp" };

    public static int Run(string[] args)
    {
        // Told before anything is measured.
        foreach (var option in new Option[] { Threads, Epochs, SweepEpochs, Largest, Size })
            Limit(option, int.MaxValue);
        Limit(Sigmas, InitVariance.Points);
        Json.Validators.Add(result =>
        {
            if (result.Tokens is [var path] && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path.Value))))
                result.AddError($"{Json.Name} {path.Value}: its folder does not exist");
        });
        Ggml.Validators.Add(result =>
        {
            if (result.Tokens is [var path] && !File.Exists(path.Value))
                result.AddError($"{Ggml.Name} {path.Value}: no such file");
        });
        var root = new RootCommand("Measures NativeNN: kernels, training steps and whole trainings, beside what the machine could do.");
        Add(root, "gemm", "matrix products: GFLOP/s and fraction of the peak", [Largest, Peers],
            (parsed, backend, cpu) => backend is GpuBackend gpu
                ? GpuGemmBench.Run(gpu, cpu, parsed.GetValue(Largest)) : GemmBench.Run(backend, parsed.GetValue(Peers)));
        Add(root, "ladder", "the matrix product from three loops to the engine's, rung by rung", [Size],
            (parsed, _, _) => LadderBench.Run(parsed.GetValue(Size)));
        Add(root, "step", "µs per training step of each lecture, beside the floor", [Only],
            (parsed, backend, cpu) => backend is GpuBackend gpu
                ? GpuStepBench.Run(gpu, cpu, parsed.GetValue(Only)) : StepBench.Run(backend, parsed.GetValue(Only)));
        Add(root, "scale", "a step's growth with width, batch and depth, beside LibTorch with --peers", [Peers],
            (parsed, backend, cpu) => ScaleBench.Run(backend, cpu.Threads, parsed.GetValue(Peers)));
        Add(root, "epoch", "seconds per training epoch on MNIST", [Only, Epochs],
            (parsed, backend, _) => EpochBench.Run(backend, parsed.GetValue(Only), parsed.GetValue(Epochs)));
        Add(root, "sweep", "all trainings of init-variance, evaluation included", [SweepEpochs, Sigmas],
            (parsed, backend, cpu) => SweepBench.Run(backend, cpu.Threads, parsed.GetValue(Sigmas), parsed.GetValue(SweepEpochs)));
        Add(root, "ops", "µs per op, forward and backward, beside the reference loops", [], (_, backend, _) => OpsBench.Run(backend));
        Add(root, "micro", "elementwise and loss kernels (BenchmarkDotNet)", [], (_, backend, _) => MicroBench.Run(backend));
        Add(root, "peers", "the same steps in LibTorch, PyTorch, NumPy, tinygrad, micrograd and ggml, pair by pair", [Only, Python, Ggml],
            (parsed, backend, cpu) => backend is GpuBackend gpu
                ? GpuPeersBench.Run(gpu, parsed.GetValue(Only), parsed.GetValue(Python)!)
                : PeersBench.Run(backend, cpu.Threads, parsed.GetValue(Only), parsed.GetValue(Python)!, parsed.GetValue(Ggml)));
        Help.AddTo(root, _ => []);
        return CommandInvocation.Run(root, args);
    }

    private static void Add(RootCommand root, string name, string description, Option[] options,
        Func<ParseResult, Backend, SimdBackend, BenchTable?> run)
    {
        var command = new Command(name, description);
        foreach (var option in (Option[])[.. options, Json, Device, Threads])
            command.Add(option);
        command.SetAction(parsed =>
        {
            int threads = ThreadCount.Of(parsed.GetValue(Threads), Console.WriteLine);
            var cpu = SimdBackend.Create(threads);
            var backend = GpuDevices.Open(parsed.GetValue(Device)!, cpu, Console.WriteLine);
            var table = run(parsed, backend, cpu);
            table?.Print(backend, threads);
            if (table is not null && parsed.GetValue(Json) is { } path)
                table.WriteJson(path, threads);
            return 0;
        });
        root.Add(command);
    }

    private static void Limit(Option option, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out int value) && (value < 1 || value > most))
            result.AddError($"{option.Name} {value}: needs a whole number "
                + (most == int.MaxValue ? "of at least 1" : $"from 1 to {most}"));
    });
}
