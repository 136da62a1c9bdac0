using System.Globalization;
using System.Text;

namespace NativeNN.Layers;

/// <summary>The table torchsummary prints: each layer that ran, its output shape and parameters, then totals and memory.</summary>
public static class Summary
{
    private const double BytesPerMegabyte = 1024 * 1024;

    /// <summary>
    /// Runs a batch of two zeros of inputShape (one sample: 784 for [784]) through the network in evaluation mode and returns the table.
    /// −1 stands for the batch size. Sizes are in MB of float32, forward/backward counting each output twice.
    /// </summary>
    public static string Of(Module net, Shape inputShape)
    {
        var rows = new List<(string Layer, string Output, int Parameters)>();
        long outputs = 0;
        void Record(Module module, Tensor x, Tensor y)
        {
            rows.Add(($"{module.TypeName}-{rows.Count + 1}", $"[-1, {y.Columns}]", module.Parameters().Sum(p => p.Length)));
            outputs += y.Columns;
        }
        var leaves = net.NamedModules().Select(m => m.Module).Where(m => m.NamedChildren.Count == 0).Distinct().ToList();
        var modes = net.NamedModules().Select(m => (m.Module, m.Module.IsTraining)).ToList();
        leaves.ForEach(leaf => leaf.AfterForward += Record);
        try
        {
            using var _ = new NoGrad();
            net.Eval();
            net.Forward(Tensor.Zeros((2, inputShape.Length), net.Parameters().FirstOrDefault()?.Backend));
        }
        finally
        {
            leaves.ForEach(leaf => leaf.AfterForward -= Record);
            foreach (var (module, training) in modes)
                module.IsTraining = training;
        }

        var invariant = CultureInfo.InvariantCulture;
        int total = net.Parameters().Sum(p => p.Length), trainable = net.Parameters().Where(p => p.RequiresGrad).Sum(p => p.Length);
        double input = inputShape.Length * 4 / BytesPerMegabyte, pass = outputs * 2 * 4 / BytesPerMegabyte, weights = total * 4 / BytesPerMegabyte;
        string line = new('-', 64), doubleLine = new('=', 64);
        var text = new StringBuilder();
        text.AppendLine(line).AppendLine(invariant, $"{"Layer (type)",20}{"Output Shape",26}{"Param #",16}").AppendLine(doubleLine);
        foreach (var (layer, output, parameters) in rows)
            text.AppendLine(invariant, $"{layer,20}{output,26}{parameters,16:N0}");
        text.AppendLine(doubleLine);
        text.AppendLine(invariant, $"Total params: {total:N0}").AppendLine(invariant, $"Trainable params: {trainable:N0}");
        text.AppendLine(invariant, $"Non-trainable params: {total - trainable:N0}").AppendLine(line);
        text.AppendLine(invariant, $"Input size (MB): {input:F2}").AppendLine(invariant, $"Forward/backward pass size (MB): {pass:F2}");
        text.AppendLine(invariant, $"Params size (MB): {weights:F2}").AppendLine(invariant, $"Estimated Total Size (MB): {input + pass + weights:F2}");
        return text.Append(line).ToString().ReplaceLineEndings("\n");
    }
}
