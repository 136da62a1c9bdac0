using System.CommandLine;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Experiments.Study;

namespace NativeNN.Experiments.Cli;

// predict: what a trained network says of pictures.
public static partial class CommandLineProgram
{
    private static readonly Argument<string> Asked = new("checkpoint")
    {
        Description = "a checkpoint of a lecture, <out>/<lecture>/checkpoints/<training>.safetensors",
    };
    private static readonly Argument<string[]> Shown = new("image")
    {
        Description = "pictures (PNG, JPEG), or IDX files of many",
        Arity = ArgumentArity.OneOrMore,
    };

    private static Command PredictCommand()
    {
        var command = new Command("predict", "what a trained network says of pictures: classes with probabilities, and a figure")
        {
            Asked, Shown, Format, Out,
        };
        command.SetAction(parsed =>
        {
            var formats = FormatsOf(parsed);
            if (formats.Length > 0)
                SkiaLibrary.Load();
            var (net, record) = CheckpointFile.ReadNetwork(parsed.GetValue(Asked)!);
            var predictions = Prediction.Of(net, record, parsed.GetValue(Shown)!);
            Terminal.WriteLine($"{record.Recipe.Name}, {record.Training}: {record.Recipe.Network.Shape}");
            foreach (var prediction in predictions)
                Terminal.WriteLine(prediction.Describe());
            if (formats.Length == 0 || predictions.Count == 0)
                return 0;
            string folder = Path.Combine(parsed.GetValue(Out)!, "predict");
            ResultFile.MakeFolder(folder);
            var figure = Prediction.Draw(predictions);
            figure.Description = string.Join("\n", predictions.Select(p => p.Describe()));
            foreach (string format in formats)
            {
                string path = Path.Combine(folder, $"prediction.{format}");
                ResultFile.Write(path, figure.Encode(format));
                Terminal.WriteLine($"figure: {path}");
            }
            return 0;
        });
        return command;
    }
}
