using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using NativeNN.Data;
using NativeNN.Experiments.Running;
using NativeNN.Random;

namespace NativeNN.Experiments.Compare;

/// <summary>What a PyTorch script printed. Blas, which multiplies its matrices, is mkl, openblas or unknown.</summary>
public sealed record PythonResult(string TorchVersion, string Blas, DropoutKernel DropoutKernel, TrainingTrace Trace);

/// <summary>A Python with PyTorch, and the scripts in the pytorch folder beside the program.</summary>
public sealed class PythonSide
{
    private PythonSide(string executable) => Executable = executable;

    public string Executable { get; }

    public static string ScriptFolder => Path.Combine(AppContext.BaseDirectory, "pytorch");

    /// <summary>The file name of a lecture's PyTorch side.</summary>
    public static string ScriptOf(Recipe recipe) => recipe.Name.Replace('-', '_') + ".py";

    /// <summary>That Python, or the first python3 or python on PATH, that imports torch and numpy. Throws BadInputException.</summary>
    public static PythonSide Find(string? executable)
    {
        if (executable is not null)
            return HasTorch(executable)
                ? new PythonSide(executable)
                : throw new BadInputException($"--python {executable}: cannot be run or cannot import torch and numpy; "
                    + "name a Python that has PyTorch");
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string ending = OperatingSystem.IsWindows() ? ".exe" : "";
        var candidates = new[] { "python3", "python" }.SelectMany(name => folders.Select(folder => Path.Combine(folder, name + ending)))
            .Where(File.Exists);
        return candidates.FirstOrDefault(HasTorch) is { } found
            ? new PythonSide(found)
            : throw new BadInputException("compare: no python3 or python on PATH imports torch and numpy; "
                + "install PyTorch (pip install torch numpy) or name a Python that has it with --python");
    }

    /// <summary>
    /// Runs a script of the pytorch folder and reads its lines. Throws BadInputException with its last words if it fails.
    /// </summary>
    public PythonResult Run(string script, params string[] arguments)
    {
        using var process = Start(Executable, [Path.Combine(ScriptFolder, script), .. arguments]);
        var errors = process.StandardError.ReadToEndAsync();
        string torch = "", blas = "";
        var kernel = DropoutKernel.Default;
        IReadOnlyList<InitialParameter> initial = [];
        var losses = new List<float>();
        var epochs = new List<TraceEpoch>();
        while (process.StandardOutput.ReadLine() is { } text)
        {
            using var document = JsonDocument.Parse(text);
            var line = document.RootElement;
            if (line.TryGetProperty("torch", out var version))
            {
                (torch, blas) = (version.GetString()!, line.GetProperty("blas").GetString()!);
                kernel = line.GetProperty("dropout_kernel").GetString() == "mkl" ? DropoutKernel.Mkl : DropoutKernel.Default;
            }
            else if (line.TryGetProperty("initial", out var parameters))
                initial = [.. parameters.EnumerateArray().Select(Parameter)];
            else if (line.TryGetProperty("step", out _))
                losses.Add((float)Number(line.GetProperty("loss")));
            else if (line.TryGetProperty("epoch", out _))
                epochs.Add(new(Number(line.GetProperty("train_loss")), Number(line.GetProperty("train_accuracy")),
                    line.TryGetProperty("test_accuracy", out var test) ? Number(test) : null));
        }
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            string last = errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "no message";
            throw new BadInputException($"{script} under {Executable} ended with exit code {process.ExitCode}: {last.Trim()}");
        }
        return new(torch, blas, kernel, new(initial, losses, epochs));
    }

    private static InitialParameter Parameter(JsonElement p) => new(p.GetProperty("name").GetString()!,
        [.. p.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32())], p.GetProperty("sha256").GetString()!,
        [.. p.GetProperty("first").EnumerateArray().Select(v => (float)Number(v))]);

    private static double Number(JsonElement e) =>
        e.ValueKind == JsonValueKind.String ? double.Parse(e.GetString()!, CultureInfo.InvariantCulture) : e.GetDouble();

    private static bool HasTorch(string executable)
    {
        try
        {
            using var process = Start(executable, ["-c", "import torch, numpy"]);
            Task.WaitAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // not a program
        }
    }

    // One thread, PyTorch's own kernels for AVX2, and of OpenBLAS those for AVX-512 where the CPU has it (it does not know every such
    // CPU), whatever the environment says: sums are then always made in the same order, which is ours.
    private static Process Start(string executable, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(executable, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string variable in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" })
            start.Environment[variable] = "1";
        if (Avx2.IsSupported)
            start.Environment["ATEN_CPU_CAPABILITY"] = "avx2";
        if (Vector512.IsHardwareAccelerated)
            start.Environment["OPENBLAS_CORETYPE"] = "SKYLAKEX";
        return Process.Start(start)!;
    }
}
