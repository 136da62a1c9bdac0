using System.Globalization;
using System.Text;

namespace NativeNN.Layers;

/// <summary>The table torchsummary prints: each layer that ran, its output shape and parameters, then totals and memory.</summary>
public static class Summary
{
    private const double BytesPerMegabyte = 1024 * 1024;

    /// <summary>
    /// Runs a batch of two zeros of inputShape (one sample: 784, or [1, 784] as for torchsummary) through the network in evaluation mode
    /// and returns the table. −1 stands for the batch size. Sizes are in MB of float32, forward/backward counting each output twice.
    /// </summary>
    public static string Of(Module net, Shape inputShape)
    {
        var rows = new List<(string Layer, string Output, int Parameters)>();
        long outputs = 0;
        // PyTorch keeps the 1 of [1, 784] as a dimension of its own until a Flatten.
        string middle = inputShape is { Rank: 2, Rows: 1 } ? "1, " : "";
        void Record(Module module, Tensor x, Tensor y)
        {
            middle = module is Flatten ? "" : middle;
            rows.Add(($"{module.TypeName}-{rows.Count + 1}", $"[-1, {middle}{y.Columns}]", module.OwnParameters.Sum(p => p.Length)));
            outputs += y.Columns;
        }

        // As in torchsummary the network itself and Sequentials get no row; modules with children do, after their children.
        var modules = net.NamedModules().Select(m => m.Module).ToList();
        var recorded = modules.Where(m => m.NamedChildren.Count == 0 || (m != net && m is not Sequential)).ToList();
        recorded.ForEach(module => module.AfterForward += Record);
        try
        {
            using var _ = new NoGrad();
            net.InEvaluation(() => net.Forward(Tensor.Zeros((2, inputShape.Length), net.Parameters().FirstOrDefault()?.Backend)));
        }
        finally
        {
            recorded.ForEach(module => module.AfterForward -= Record);
        }

        var invariant = CultureInfo.InvariantCulture;
        int total = net.Parameters().Sum(p => p.Length), trainable = net.Parameters().Where(p => p.RequiresGrad).Sum(p => p.Length);
        double input = inputShape.Length * 4 / BytesPerMegabyte, pass = outputs * 2 * 4 / BytesPerMegabyte;
        double weights = total * 4 / BytesPerMegabyte;
        string line = new('-', 64), doubleLine = new('=', 64);
        var text = new StringBuilder();
        text.AppendLine(line).AppendLine(invariant, $"{"Layer (type)",20}  {"Output Shape",25} {"Param #",15}").AppendLine(doubleLine);
        foreach (var (layer, output, parameters) in rows)
            text.AppendLine(invariant, $"{layer,20}  {output,25} {parameters,15:N0}");
        text.AppendLine(doubleLine);
        text.AppendLine(invariant, $"Total params: {total:N0}").AppendLine(invariant, $"Trainable params: {trainable:N0}");
        text.AppendLine(invariant, $"Non-trainable params: {total - trainable:N0}").AppendLine(line);
        text.AppendLine(invariant, $"Input size (MB): {input:F2}").AppendLine(invariant, $"Forward/backward pass size (MB): {pass:F2}");
        text.AppendLine(invariant, $"Params size (MB): {weights:F2}");
        text.AppendLine(invariant, $"Estimated Total Size (MB): {input + pass + weights:F2}");
        return text.Append(line).ToString().ReplaceLineEndings("\n");
    }
}
