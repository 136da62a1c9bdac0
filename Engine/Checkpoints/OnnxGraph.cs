using System.Runtime.InteropServices;
using NativeNN.Backends;

namespace NativeNN.Checkpoints;

/// <summary>
/// ONNX's graph of what a forward pass recorded: one node for each op (two where ONNX has no such op of its own), and every tensor that no
/// op computed as an initializer. https://onnx.ai/onnx/operators
/// </summary>
/// <param name="weights">Names of parameters and buffers; other leaves are constants.</param>
internal sealed class OnnxGraph(IReadOnlyDictionary<Tensor, string> weights)
{
    // TensorProto.DataType and AttributeProto.AttributeType, onnx.proto3.
    private const int FloatData = 1, Int64Data = 7, FloatAttribute = 1, IntAttribute = 2;

    private readonly Protobuf graph = new();
    private readonly Dictionary<Tensor, string> names = [];
    private readonly HashSet<string> taken = [];

    // GraphProto: node = 1, name = 2, initializer = 5, input = 11, output = 12.

    /// <summary>x, [batch, columns] with a batch of any size, is what the caller gives. To be called first.</summary>
    public void Input(Tensor x)
    {
        taken.Add("y");
        names[x] = Unique("x");
        graph.Message(11, Value("x", x.Shape));
    }

    /// <summary>The graph as a message; y is its result.</summary>
    public Protobuf Finish(Tensor y)
    {
        Node("Identity", [NameOf(y)], "y");
        return graph.Message(12, Value("y", y.Shape)).Text(2, "NativeNN");
    }

    /// <summary>Adds what the op computes; false if ONNX has nothing like it.</summary>
    public bool TryAdd(Op op, string name)
    {
        string Add(string type, IEnumerable<string> inputs, params IReadOnlyList<Protobuf> attributes) =>
            Node(type, inputs, names[op.Output] = Unique(name), attributes);
        var inputs = op.Inputs.Select(NameOf).ToList();
        string? added = op switch
        {
            // Gemm is α·A'·B' + β·C of matrices; W is [out, in], as PyTorch exports it.
            LinearOp when op.Inputs[0].Shape.Rank == 2 => Add("Gemm", inputs, Attribute("transB", 1)),
            MatMulOp m => Add("Gemm", inputs, Attribute("transA", m.TransposeA ? 1 : 0), Attribute("transB", m.TransposeB ? 1 : 0)),
            AddOp or SubOp or MulOp or DivOp or TransposeOp or IdentityOp => Add(op.Name, inputs),
            ScaleOp scale => Add("Mul", [.. inputs, Constant(scale.Factor)]),
            SoftmaxOp => Add(op.Name, inputs, Attribute("axis", -1)),
            // Without axes: over all.
            SumOp sum => Add($"Reduce{op.Name}", sum.Axis == Axis.All ? inputs : [.. inputs, Constant(sum.Axis == Axis.Rows ? 0 : 1)],
                Attribute("keepdims", 0)),
            // The rows are the batch's, so they are left open: −1.
            ReshapeOp => Add("Reshape", [.. inputs, Constant(op.Output.Shape.Rank switch
            {
                0 => [],
                1 => [-1],
                _ => [-1, op.Output.Columns],
            })]),
            CatOp => Add("Concat", inputs, Attribute("axis", 0)),
            SliceOp slice => Add("Slice", [.. inputs, Constant(slice.Start), Constant(slice.Start + slice.Count), Constant(0)]),
            ElementwiseOp f => Elementwise(f, inputs[0], Add),
            _ => null,
        };
        return added is not null;
    }

    private string? Elementwise(ElementwiseOp f, string x, Func<string, IEnumerable<string>, IReadOnlyList<Protobuf>, string> add) =>
        f.Kind switch
        {
            Activation.LeakyRelu or Activation.Elu => add(f.Name, [x], [Attribute("alpha", f.Alpha)]),
            Activation.Square => add("Mul", [x, x], []),
            Activation.Pow => add("Pow", [x, Constant(f.Alpha)], []),
            Activation.ClampMin => add("Max", [x, Constant(f.Alpha)], []),
            Activation.ClampMax => add("Min", [x, Constant(f.Alpha)], []),
            // By erf, ONNX's default; and log(1 + eˣ) without a threshold, which float32 cannot tell apart.
            Activation.Relu or Activation.Sigmoid or Activation.Tanh or Activation.Gelu or Activation.Softplus or Activation.Exp
                or Activation.Log or Activation.Sqrt or Activation.Abs => add(f.Name, [x], []),
            _ => null,
        };

    // NodeProto: input = 1, output = 2, name = 3, op_type = 4, attribute = 5. A node is called as what it computes.
    private string Node(string type, IEnumerable<string> inputs, string output, params IReadOnlyList<Protobuf> attributes)
    {
        var node = new Protobuf();
        foreach (string input in inputs)
            node.Text(1, input);
        node.Text(2, output).Text(3, output).Text(4, type);
        foreach (var attribute in attributes)
            node.Message(5, attribute);
        graph.Message(1, node);
        return output;
    }

    private string NameOf(Tensor tensor)
    {
        if (names.TryGetValue(tensor, out string? name))
            return name;
        name = names[tensor] = Unique(weights.GetValueOrDefault(tensor, "constant"));
        Initializer(name, FloatData, Array.ConvertAll(tensor.Shape.ToArray(), size => (long)size), tensor.ToArray());
        return name;
    }

    private string Constant(float value)
    {
        string name = Unique("constant");
        Initializer(name, FloatData, [], [value]);
        return name;
    }

    private string Constant(params long[] values)
    {
        string name = Unique("constant");
        Initializer(name, Int64Data, [values.Length], values);
        return name;
    }

    // TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9, which is little-endian.
    private void Initializer<T>(string name, int type, long[] shape, T[] values)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException(
                "OnnxFile: values are copied as they lie in memory, which needs a little-endian processor");
        var tensor = new Protobuf();
        foreach (long size in shape)
            tensor.Number(1, size);
        graph.Message(5, tensor.Number(2, type).Text(8, name).Bytes(9, MemoryMarshal.AsBytes(values.AsSpan())));
    }

    // ValueInfoProto: name = 1, type = 2; its tensor_type = 1: elem_type = 1, shape = 2: dim = 1: dim_value = 1 or dim_param = 2.
    private static Protobuf Value(string name, Shape shape)
    {
        var dimensions = new Protobuf();
        if (shape.Rank == 2)
            dimensions.Message(1, new Protobuf().Text(2, "batch"));
        if (shape.Rank > 0)
            dimensions.Message(1, shape.Rank == 2 ? new Protobuf().Number(1, shape.Columns) : new Protobuf().Text(2, "values"));
        var tensor = new Protobuf().Number(1, FloatData).Message(2, dimensions);
        return new Protobuf().Text(1, name).Message(2, new Protobuf().Message(1, tensor));
    }

    // AttributeProto: name = 1, f = 2 or i = 3, type = 20.
    private static Protobuf Attribute(string name, float value) =>
        new Protobuf().Text(1, name).Float(2, value).Number(20, FloatAttribute);

    private static Protobuf Attribute(string name, int value) => new Protobuf().Text(1, name).Number(3, value).Number(20, IntAttribute);

    private string Unique(string name)
    {
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }
}
