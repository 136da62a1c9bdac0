using System.CommandLine;
using NativeNN.Checkpoints;
using NativeNN.Data;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Experiments.Cli;

/// <summary>export: a checkpoint's network for other programs.</summary>
public static partial class CommandLineProgram
{
    private static readonly Argument<string> Exported = new("checkpoint")
    {
        Description = "a checkpoint of a lecture, <out>/<lecture>/checkpoints/<training>.safetensors, or with --lecture a file of weights, "
            + "as PyTorch's .pt",
    };
    private static readonly Option<string> Onnx = new("--onnx") { Description = "the ONNX model to write", Required = true };
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "replace what an earlier run wrote there" };

    private static Command ExportCommand()
    {
        var command = new Command("export", "a trained network as an ONNX model, for ONNX Runtime and others")
        {
            Exported, Onnx, AsLecture, Prefix, Overwrite,
        };
        command.SetAction(parsed =>
        {
            string file = parsed.GetValue(Exported)!;
            var (net, recipe) = parsed.GetValue(AsLecture) is { } lecture
                ? NetworkOf(Course.Named(lecture, "export --lecture").Recipe, file, parsed.GetValue(Prefix)!)
                : NetworkOf(file);
            return Export(net, recipe, file, parsed.GetValue(Onnx)!, parsed.GetValue(Overwrite));
        });
        return command;
    }

    private static (Module Net, Recipe Recipe) NetworkOf(string checkpoint)
    {
        if (Path.GetExtension(checkpoint) is ".pt" or ".pth")
            throw new BadInputException($"{checkpoint}: weights alone do not tell their network; name its lecture with --lecture");
        var (net, record) = CheckpointFile.ReadNetwork(checkpoint);
        return (net, record.Recipe);
    }

    private static (Module Net, Recipe Recipe) NetworkOf(Recipe recipe, string weights, string prefix)
    {
        var net = recipe.Network.Build(new Generator(seed: 0));
        Checkpoint.Load(net, weights, prefix);
        return (net, recipe);
    }

    private static int Export(Module net, Recipe recipe, string file, string path, bool overwrite)
    {
        if (!overwrite && Path.Exists(path))
            throw new BadInputException($"--onnx {path}: exists already; choose another name, or replace it with --overwrite");
        int features = recipe.Network.Widths[0];
        try
        {
            OnnxFile.Save(net, features, path);
        }
        catch (NotSupportedException e)
        {
            throw new BadInputException($"{file}: {e.Message}", e);
        }
        Terminal.WriteLine($"{path}: x [batch, {features}], pixels normalised as {recipe.Data.Normalization.Name}, to y [batch, "
            + $"{recipe.Network.Widths[^1]}], {(recipe.Network.LogSoftmax ? "log-probabilities" : "logits")}");
        return 0;
    }
}
