using NativeNN.Backends;

namespace NativeNN;

//  Y = X seen with other sizes: the same memory, row by row        dX = dY seen with X's sizes
internal sealed class ReshapeOp(Tensor x, Shape shape) : Op(x)
{
    protected override Tensor Forward()
    {
        if (shape.Length != x.Length)
            throw new ShapeException($"Reshape: x is {x.Shape}, {x.Length} elements, but {shape} holds {shape.Length}");
        x.Storage.IsShared = true;
        return new Tensor(x.Storage, shape);
    }

    protected internal override void Backward(Tensor dY)
    {
        if (x.RequiresGrad)
            Kernels.Scale(dY.Storage, Strides.Dense(x.Columns), factor: 1, GradientOf(x, out bool accumulate), x.Rows, x.Columns,
                accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Reshape", [(5, 6)], t => t[0].Reshape((3, 10))),
        new("Flatten", [(5, 7)], t => t[0].Flatten()),
    ];
}

public sealed partial class Tensor
{
    /// <summary>The same values with other sizes; shares the memory. Throws ShapeException if the number of elements differs.</summary>
    public Tensor Reshape(Shape shape) => Op.Apply(new ReshapeOp(this, shape));

    /// <summary>All values as one vector.</summary>
    public Tensor Flatten() => Reshape(Length);
}
