using System.Text.Json;
using NativeNN.Backends.Simd;
using NativeNN.Bench.LibTorch;
using TorchSharp;

// Bench starts this: COMMAND THREADS FILE [LECTURE]. The rows of the command, own and LibTorch's figures, go to FILE as JSON.
int threads = int.Parse(args[1]);
string? lecture = args.ElementAtOrDefault(3);
torch.set_num_threads(threads);
var backend = SimdBackend.Create(threads);
var rows = args[0] switch
{
    "step" => Comparison.Steps(backend, lecture),
    "scale" => Comparison.Scale(backend),
    "gemm" => Comparison.Products(backend),
    _ => throw new ArgumentException($"no command {args[0]}"),
};
File.WriteAllText(args[2], JsonSerializer.Serialize(rows.Select(row => row.ToDictionary(cell => cell.Name, cell => cell.Value))));
