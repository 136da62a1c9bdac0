using System.CommandLine;
using NativeNN.Checkpoints;
using NativeNN.Data;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Experiments.Study;
using NativeNN.Random;

namespace NativeNN.Experiments.Cli;

// weights: a network that was trained elsewhere, in PyTorch for one: what its weights are like, and how well it does on a lecture's test.
public static partial class CommandLineProgram
{
    private static readonly Argument<string> WeightsFile = new("file")
    {
        Description = "a .pt or .pth of torch.save(net.state_dict(), …), or a .safetensors",
    };
    private static readonly Option<string?> AsLecture = new("--lecture")
    {
        Description = "the lecture whose network it is, by name or document's number",
    };
    private static readonly Option<string> Prefix = new("--prefix")
    {
        Description = "only tensors whose names begin with that: model. of this program's checkpoints",
        DefaultValueFactory = _ => "",
    };

    private static Command WeightsCommand()
    {
        var command = new Command("weights", "a saved network's weights, from PyTorch too: statistics, histograms, a lecture's test");
        command.Add(WeightsFile);
        foreach (var option in new Option[] { AsLecture, Prefix, Data, Seed, Out, Format, Dpi, Device, Threads })
            command.Add(option);
        command.SetAction(parsed =>
        {
            var options = Read(parsed);
            string path = parsed.GetValue(WeightsFile)!, prefix = parsed.GetValue(Prefix)!;
            var lecture = parsed.GetValue(AsLecture) is { } name ? Course.Named(name, "weights --lecture") : null;
            var tensors = Checkpoint.Read(path).Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary();
            if (tensors.Count == 0)
                throw new BadInputException($"{path}: holds no tensor{(prefix == "" ? "" : $" whose name begins with '{prefix}'")}");
            if (options.Formats.Count > 0)
                SkiaLibrary.Load();
            // First: where it is not that lecture's network, nothing is written.
            string? test = lecture is null ? null : Test(lecture, path, prefix, options);
            Terminal.WriteLine(WeightsReport.Table(tensors));
            if (test is not null)
                Terminal.WriteLine(test);
            if (WeightsReport.Histograms(Path.GetFileName(path), tensors) is { } figure)
                foreach (string format in options.Formats)
                {
                    string file = Path.Combine(options.Out, "weights", $"{Path.GetFileNameWithoutExtension(path)}.{format}");
                    ResultFile.Write(file, figure.Encode(format, options.Dpi));
                    Terminal.WriteLine(file);
                }
            return 0;
        });
        return command;
    }

    private static string Test(Lecture lecture, string path, string prefix, RunOptions options)
    {
        var data = lecture.Recipe.Data.Load(new ImageSource(options.Data, lecture.Name), options.Seed, OpenDevice(options));
        var recipe = lecture.Recipe.For(data);
        recipe = recipe with { Evaluation = recipe.Evaluation ?? new(Evaluation.WholeSet) };
        var (net, _) = NetworkOf(recipe, path, prefix);
        var (loss, accuracy) = new TrainingLoop(recipe, net, data, new Generator(options.Seed)).Test();
        return $"as the network of {lecture.Name} ({recipe.Network.Shape}): test loss {loss:G6}, "
            + $"{100 * accuracy:F2}% of the test images right";
    }
}
