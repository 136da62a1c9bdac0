using NativeNN.Data;
using NativeNN.Experiments.Running;
using NativeNN.Layers;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// What in a network with ReLU no longer answers to its images: the shares of hidden units that are above zero for none of them (no
/// gradient) and for all of them (linear), and of images that the softmax is sure about, p &gt; 0.999, rightly or wrongly.
/// </summary>
internal readonly record struct Saturation(double Silent, double Always, double Sure, double SureAndWrong)
{
    private const float SureAbove = 0.999f;
    private const string Series = "saturation";

    /// <summary>Measures without dropout, and leaves the network so. Its outputs may be logits or log-probabilities.</summary>
    public static Saturation Of(Module net, TensorDataset images)
    {
        using var _ = new NoGrad();
        net.Eval();
        int units = 0, silent = 0, always = 0;
        // What a layer after the first reads are the activations of the hidden layer before it.
        var readers = net.NamedModules().Select(m => m.Module).OfType<Linear>().Skip(1).ToList();
        readers.ForEach(layer => layer.AfterForward += Count);
        var p = net.Forward(images.CopyInputs()).Softmax();
        readers.ForEach(layer => layer.AfterForward -= Count);
        float[] largest = [.. p.ToArray().Chunk(p.Columns).Select(row => row.Max())];
        int[] answers = p.ArgMax().ToArray(), labels = images.Labels.ToArray();
        bool[] sure = [.. largest.Select(value => value > SureAbove)];
        return new(silent / (double)units, always / (double)units, sure.Count(s => s) / (double)sure.Length,
            sure.Where((s, i) => s && answers[i] != labels[i]).Count() / (double)sure.Length);

        void Count(Module layer, Tensor x, Tensor y)
        {
            float[] values = x.ToArray();
            for (int unit = 0; unit < x.Columns; unit++)
            {
                int above = 0;
                for (int row = 0; row < x.Rows; row++)
                    above += values[row * x.Columns + unit] > 0 ? 1 : 0;
                units++;
                silent += above == 0 ? 1 : 0;
                always += above == x.Rows ? 1 : 0;
            }
        }
    }

    public void AddTo(Recording recording) => recording.Add(Series, Silent, Always, Sure, SureAndWrong);

    /// <summary>After the last epoch; null in a recording that an earlier version of this program made.</summary>
    public static Saturation? Of(Recording recording) =>
        recording.Series.TryGetValue(Series, out var epochs) && epochs[^1] is [var silent, var always, var sure, var wrong]
            ? new(silent, always, sure, wrong)
            : null;

    /// <summary>"5% of hidden units silent, 1% always on, …"</summary>
    public string Describe() =>
        $"{Silent:0.0%} of hidden units silent, {Always:0.0%} always on, {Sure:0.0%} of answers sure (p > 0.999), {SureAndWrong:0.0%} "
        + "sure and wrong";
}
