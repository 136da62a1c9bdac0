using NativeNN.Data;
using NativeNN.Layers;

namespace NativeNN.Checkpoints;

/// <summary>
/// Networks as ONNX models, for ONNX Runtime and whatever else reads them. A forward pass is recorded, as for Backward(), and each op of it
/// becomes a node: any Module can be saved, not only Sequential, as long as it computes with tensors alone.
/// </summary>
public static class OnnxFile
{
    // Opset 20 is the first with Gelu; it came with the ninth version of the format.
    private const int FormatVersion = 9, Opset = 20;

    // Protocol Buffers end at 2 GiB; nodes and names take less than this margin.
    private const long LargestWeights = (1L << 31) - (1L << 24);

    /// <summary>
    /// Writes the network as it is in evaluation, x: [batch, features] → y, for a batch of any size; an existing file is replaced, whole or
    /// not at all. Throws NotSupportedException for an op that ONNX lacks, naming it and its layer, and for a network that does not compute
    /// the same for every size of batch; BadInputException if the file cannot be written.
    /// </summary>
    public static void Save(Module net, int features, string path)
    {
        byte[] model = Model(net, features, batch: 2);
        // Whatever depends on the size of the batch (a constant, a shape) would be that of the recorded one for ever.
        if (!model.AsSpan().SequenceEqual(Model(net, features, batch: 3)))
            throw new NotSupportedException(
                $"OnnxFile: {net.TypeName} computes a constant or a shape from the batch itself, which a saved graph cannot; "
                + "write Compute with ops of x alone");
        SavedFile.Write(path, file => file.Write(model));
    }

    // ModelProto: ir_version = 1, producer_name = 2, graph = 7, opset_import = 8: version = 2.
    private static byte[] Model(Module net, int features, int batch)
    {
        long bytes = net.Parameters().Sum(p => (long)p.Length) * sizeof(float);
        if (bytes > LargestWeights)
            throw new NotSupportedException($"OnnxFile: {net.TypeName} has {bytes} bytes of weights; one ONNX file holds 2 GiB");
        var weights = new Dictionary<Tensor, string>();
        foreach (var (name, tensor) in net.NamedParameters().Concat(net.NamedBuffers()))
            weights.Add(tensor, name);
        var x = Tensor.Zeros((batch, features), weights.Keys.FirstOrDefault()?.Backend).WithGrad();
        var layers = new Dictionary<Op, string>();
        var y = net.InEvaluation(() => Record(net, x, layers));
        if (y.Op is null && y != x)
            throw new InvalidOperationException($"OnnxFile: {net.TypeName} recorded no op of x; save it outside NoGrad");

        var graph = new OnnxGraph(weights);
        graph.Input(x);
        foreach (var op in y.Op is null ? [] : Backprop.TopologicalOrder(y))
        {
            string layer = layers.GetValueOrDefault(op, "");
            if (!graph.TryAdd(op, layer == "" ? op.Name : $"{layer}/{op.Name}"))
                throw new NotSupportedException($"OnnxFile: {op.Name} of {(layer == "" ? net.TypeName : $"layer '{layer}'")} "
                    + $"(input {op.Inputs[0].Shape}) has no counterpart in ONNX; leave it out of the network to save");
        }
        return new Protobuf().Number(1, FormatVersion).Text(2, "NativeNN").Message(7, graph.Finish(y))
            .Message(8, new Protobuf().Number(2, Opset)).ToArray();
    }

    // A forward pass that notes which layer made which op: the innermost, since AfterForward is raised for children first.
    private static Tensor Record(Module net, Tensor x, Dictionary<Op, string> layers)
    {
        var modules = net.NamedModules().ToDictionary(m => m.Module, m => m.Name);
        void Claim(Module module, Tensor input, Tensor output)
        {
            var pending = new Stack<Tensor>([output]);
            while (pending.TryPop(out var tensor))
                if (tensor != input && tensor.Op is { } op && layers.TryAdd(op, modules[module]))
                    foreach (var operand in op.Inputs)
                        pending.Push(operand);
        }
        foreach (var module in modules.Keys)
            module.AfterForward += Claim;
        try
        {
            return net.Forward(x);
        }
        finally
        {
            foreach (var module in modules.Keys)
                module.AfterForward -= Claim;
        }
    }
}
