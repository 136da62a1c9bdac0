using System.CommandLine;
using NativeNN.Checkpoints;
using NativeNN.Data;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Cli;

/// <summary>export: a checkpoint's network for other programs.</summary>
public static partial class CommandLineProgram
{
    private static readonly Argument<string> Exported = new("checkpoint")
    {
        Description = "a checkpoint of a lecture: <out>/<lecture>/checkpoints/<training>.safetensors",
    };
    private static readonly Option<string> Onnx = new("--onnx") { Description = "the ONNX model to write", Required = true };
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "replace what an earlier run wrote there" };

    private static Command ExportCommand()
    {
        var command = new Command("export", "a trained network as an ONNX model, for ONNX Runtime and others")
        {
            Exported, Onnx, Overwrite,
        };
        command.SetAction(parsed => Export(parsed.GetValue(Exported)!, parsed.GetValue(Onnx)!, parsed.GetValue(Overwrite)));
        return command;
    }

    private static int Export(string checkpoint, string path, bool overwrite)
    {
        var (net, record) = CheckpointFile.ReadNetwork(checkpoint);
        if (!overwrite && Path.Exists(path))
            throw new BadInputException($"--onnx {path}: exists already; choose another name, or replace it with --overwrite");
        int features = record.Recipe.Network.Widths[0];
        try
        {
            OnnxFile.Save(net, features, path);
        }
        catch (NotSupportedException e)
        {
            throw new BadInputException($"{checkpoint}: {e.Message}", e);
        }
        Terminal.WriteLine($"{path}: x [batch, {features}], pixels normalised as {record.Recipe.Data.Normalization.Name}, to y [batch, "
            + $"{record.Recipe.Network.Widths[^1]}], {(record.Recipe.Network.LogSoftmax ? "log-probabilities" : "logits")}");
        return 0;
    }
}
