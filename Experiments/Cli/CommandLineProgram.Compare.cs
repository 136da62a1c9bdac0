using System.CommandLine;
using System.Globalization;
using System.Text;
using NativeNN.Data;
using NativeNN.Experiments.Compare;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Random;

namespace NativeNN.Experiments.Cli;

// compare: a lecture's main training here and in PyTorch, from the same seed.
public static partial class CommandLineProgram
{
    private const int DefaultSteps = 200;

    private static readonly Argument<string> Compared = new("lecture")
    {
        Description = "a lecture's name, or its document's number 000 to 004",
    };
    private static readonly Option<int?> Steps = new("--steps")
    {
        Description = $"optimiser steps (default: {DefaultSteps}, or whole epochs with --epochs)",
    };
    private static readonly Option<string?> Python = new("--python")
    {
        Description = "the Python with PyTorch (default: the first python3 or python on PATH that has torch and numpy)",
    };
    private static readonly Option<double?> Sigma = new("--sigma")
    {
        Description = "init-variance: standard deviation of the initial weights (default: the thirteenth of the lecture's 25)",
        // The library's own parser reads 0,1 as 1, taking the comma for one between thousands.
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double sigma))
                return sigma;
            result.AddError("not a number");
            return null;
        },
    };

    private static Command CompareCommand()
    {
        var command = new Command("compare", "a lecture's training here and in PyTorch, step by step from the same seed");
        command.Add(Compared);
        foreach (var option in new Option[] { Steps, Epochs, Seed, Python, Sigma, Data, Out, Threads, Format, Dpi, Device })
            command.Add(option);
        command.SetAction(parsed => RunComparison(parsed, Read(parsed)));
        return command;
    }

    private static int RunComparison(ParseResult parsed, RunOptions options)
    {
        var lecture = Course.Named(parsed.GetValue(Compared)!, "compare");
        var recipe = lecture.Recipe;
        int steps = parsed.GetValue(Steps) ?? (options.Epochs is null ? DefaultSteps : int.MaxValue);
        double? sigma = parsed.GetValue(Sigma);
        if (steps < 1)
            throw new BadInputException($"--steps {steps}: needs a whole number of at least 1");
        if (sigma is { } value && !(double.IsFinite(value) && value >= 0))
            throw new BadInputException($"--sigma {sigma}: needs a finite number of at least 0");
        if (options.Data is { } path && !ReadByPython(path))
            throw new BadInputException($"--data {path}: compare needs a folder with MNIST's four files, .gz or plain");
        if (lecture is InitVariance sweep)
            recipe = sweep.RecipeOf(InitPoint.Of(sigma ??= InitVariance.MiddleSigma));
        else if (sigma is not null)
            throw new BadInputException($"--sigma {sigma}: {lecture.Name} starts from its own weights; only init-variance takes a σ");
        int epochs = options.Epochs ?? recipe.Epochs;
        if (options.Formats.Count > 0)
            SkiaLibrary.Load();

        var backend = OpenDevice(options);
        string folder = options.Data ?? Mnist.BundledFolder;
        var data = recipe.Data.Load(new ImageSource(folder, lecture.Name), options.Seed, backend);
        if ((data.Rows, data.Columns, data.ClassCount) != (28, 28, 10) || data.ClassNames[0] != "0")
            throw new BadInputException($"--data {folder}: compare needs 28×28 pixels and classes 0–9, as the PyTorch side is written for; "
                + $"this is {data.Describe()}");
        if (data.Remarks is [var changed, ..])
            throw new BadInputException($"--data {folder}: the PyTorch side reads the files as they are, but here {changed}");
        recipe = recipe.For(data);
        var python = PythonSide.Find(parsed.GetValue(Python));
        string withSigma = sigma is null ? "" : $", σ {sigma}";
        Terminal.WriteLine($"compare {lecture.Name} (document {recipe.Document}), seed {options.Seed}{withSigma}");
        List<string> arguments =
            [folder, "--seed", $"{options.Seed}", "--epochs", $"{epochs}", "--steps", $"{(steps == int.MaxValue ? 0 : steps)}"];
        if (sigma is not null)
            arguments.AddRange(["--sigma", $"{sigma:R}"]);
        var torch = python.Run(PythonSide.ScriptOf(recipe), [.. arguments]);
        Terminal.WriteLine($"PyTorch {torch.TorchVersion} of {python.Executable}, matrix products by {torch.Blas}, "
            + $"{torch.DropoutKernel} dropout kernel; NativeNN on {backend.Name}");

        var generator = new Generator(options.Seed) { DropoutKernel = torch.DropoutKernel };
        var ours = ComparedTraining.Trace(new TrainingLoop(recipe, data, generator), epochs, steps);

        var difference = new TraceDifference(torch.Trace, ours);
        foreach (string line in difference.Lines())
            Terminal.WriteLine(line);
        string results = Path.Combine(options.Out, "compare");
        ResultFile.MakeFolder(results);
        ResultFile.Write(Path.Combine(results, lecture.Name + ".csv"), Encoding.UTF8.GetBytes(difference.Csv()));
        var figure = difference.Draw($"{lecture.Name}: PyTorch {torch.TorchVersion} and NativeNN, seed {options.Seed}");
        foreach (string format in options.Formats)
            ResultFile.Write(Path.Combine(results, $"{lecture.Name}.{format}"), figure.Encode(format, options.Dpi));
        string files = string.Join(',', [.. options.Formats, "csv"]);
        Terminal.WriteLine($"figure and all steps: {Path.Combine(results, lecture.Name)}.{{{files}}}");
        return 0;
    }

    // pytorch/common.py knows the plain names, with and without .gz.
    private static bool ReadByPython(string folder) =>
        new[] { "", ".gz" }.Any(ending => File.Exists(Path.Combine(folder, "train-images-idx3-ubyte" + ending)));
}
