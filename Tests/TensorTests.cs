using NativeNN.Backends;

namespace NativeNN.Tests;

public class TensorTests
{
    public static TheoryData<string> BackendNames => [.. TestBackends.All.Keys];

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void FactoriesFillAndPlace(string name)
    {
        Backend backend = TestBackends.All[name];
        Assert.Equal([1, 2, 3, 4, 5, 6], Tensor.From([1, 2, 3, 4, 5, 6], (2, 3), backend).ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6], Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }, backend).ToArray());
        Assert.Equal([0, 0, 0], Tensor.Zeros(3, backend).ToArray());
        Assert.Equal([1, 1, 1], Tensor.Ones(3, backend).ToArray());
        Assert.Equal([7, 7], Tensor.Full((1, 2), 7, backend).ToArray());
        Assert.Equal(2.5f, Tensor.Scalar(2.5f, backend).Item());
        Assert.Same(backend, Tensor.Empty((2, 2), backend).Backend);
    }

    [Fact]
    public void ElementsAreRowMajor()
    {
        var x = Tensor.From([1, 2, 3, 4, 5, 6], (2, 3));
        Assert.Equal(3, x[0, 2]);
        Assert.Equal(4, x[1, 0]);
        Assert.Contains("[2, 3]", Assert.Throws<ArgumentOutOfRangeException>(() => x[2, 0]).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => x[0, -1]);
    }

    [Fact]
    public void ACloneIsApartADetachedTensorAndAReshapeShareTheMemory()
    {
        var x = Tensor.From(1, 2, 3, 4);
        Tensor clone = x.Clone(), view = x.Detach(), matrix = x.Reshape((2, 2));
        x.Set([5, 6, 7, 8]);
        Assert.Equal([1, 2, 3, 4], clone.ToArray());
        Assert.Equal([5, 6, 7, 8], view.ToArray());
        Assert.Equal([5, 6, 7, 8], matrix.ToArray());
    }

    [Fact]
    public void MovingKeepsTheValuesAndIsFreeWithinABackend()
    {
        var x = Tensor.From(1, 2, 3).WithGrad();
        foreach (var backend in TestBackends.All.Values)
        {
            var moved = x.To(backend);
            Assert.Same(backend, moved.Backend);
            Assert.Equal([1, 2, 3], moved.ToArray());
            Assert.True(moved.RequiresGrad);
            Assert.Same(moved, moved.To(backend));
        }
    }

    [Fact]
    public void ShapesHaveRankZeroToTwo()
    {
        Assert.Equal((0, 1, 1, 1), (Shape.Scalar.Rank, Shape.Scalar.Rows, Shape.Scalar.Columns, Shape.Scalar.Length));
        Assert.Equal([], Shape.Scalar.ToArray());
        Assert.Equal([5], ((Shape)5).ToArray());
        Assert.Equal([2, 3], ((Shape)(2, 3)).ToArray());
        Assert.NotEqual((Shape)5, (Shape)(1, 5));
        Assert.Equal("[2, 3]", Shape.Of([2, 3]).ToString());
        Assert.Contains("3 dimensions", Assert.Throws<ShapeException>(() => Shape.Of([1, 2, 3])).Message);
        Assert.Contains("[-1, 3]", Assert.Throws<ShapeException>(() => new Shape(-1, 3)).Message);
        Assert.Throws<ShapeException>(() => new Shape(1 << 20, 1 << 20));
        Assert.Equal(Shape.Scalar, default);
        Assert.Equal(2, (Tensor.Ones(default(Shape)) + Tensor.Ones(default(Shape))).Item());
    }

    [Fact]
    public void MoreElementsThanMemoryHoldsInOnePieceAreRefused()
    {
        Action[] calls =
        [
            () => Tensor.Empty((int.MaxValue, 1)), () => Tensor.Empty(int.MaxValue), () => Tensor.Zeros((1, int.MaxValue)),
            () => Tensor.Ones(int.MaxValue - 1), () => Tensor.Rand(int.MaxValue, new(0)), () => Tensor.Randn(int.MaxValue, new(0)),
            () => Tensor.Eye(50_000), () => _ = Tensor.Ones((100_000, 1)) + Tensor.Ones((1, 100_000)),
            () => Tensor.Ones((100_000, 1)).MatMul(Tensor.Ones((1, 100_000))),
            () => Tensor.Cat([Tensor.Ones((2_000_000_000, 0)), Tensor.Ones((2_000_000_000, 0))]),
        ];
        Assert.All(calls, call => Assert.Contains("needs", Assert.Throws<ShapeException>(call).Message));
        Assert.Contains("Arange", Assert.Throws<ArgumentException>(() => Tensor.Arange(int.MaxValue)).Message);
        Assert.Throws<ShapeException>(() => Tensor.Eye(-1));
    }

    [Fact]
    public void WrongSizesSayWhatTheyGotAndNeed()
    {
        static void Names(Action call, params string[] parts)
        {
            string message = Assert.Throws<ShapeException>(call).Message;
            Assert.All(parts, part => Assert.Contains(part, message));
        }
        Names(() => Tensor.From([1, 2, 3], (2, 2)), "Tensor.From", "3 values", "[2, 2]", "4");
        Names(() => Tensor.Ones((2, 2)).Item(), "Item", "[2, 2]", "one element");
        Names(() => Tensor.Ones((2, 2)).Set([1]), "Set", "1 values", "[2, 2]", "4");
    }

    [Fact]
    public void LabelsKeepTheirValuesAndMove()
    {
        foreach (var backend in TestBackends.All.Values)
        {
            var labels = Labels.From([3, 0, 9], backend);
            Assert.Equal(3, labels.Count);
            Assert.Equal([3, 0, 9], labels.ToArray());
            Assert.Equal([3, 0, 9], labels.To(Tensor.DefaultBackend).ToArray());
        }
    }
}
