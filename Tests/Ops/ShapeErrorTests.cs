namespace NativeNN.Tests.Ops;

/// <summary>An op that gets shapes it cannot take names itself and every shape involved.</summary>
public class ShapeErrorTests
{
    private static readonly Dictionary<string, (Action Call, string[] Parts)> Errors = new()
    {
        ["MatMul"] = (() => T(2, 3).MatMul(T(4, 5)), ["MatMul", "[2, 3]", "[4, 5]"]),
        ["MatMul transposeA"] = (() => T(2, 3).MatMul(T(3, 5), transposeA: true), ["MatMul", "[2, 3] transposed", "[3, 5]"]),
        ["MatMul transposeB"] = (() => T(2, 3).MatMul(T(3, 5), transposeB: true), ["MatMul", "[2, 3]", "[3, 5] transposed"]),
        ["MatMul with a vector"] = (() => T(2, 3).MatMul(V(4)), ["MatMul", "[2, 3]", "[4, 1]"]),
        ["MatMul with a number"] = (() => T(2, 3).MatMul(Tensor.Scalar(1)), ["MatMul", "[2, 3]", "[]"]),
        ["Linear"] = (() => T(2, 3).Linear(T(5, 4)), ["Linear", "[2, 3]", "[5, 4]"]),
        ["Linear bias"] = (() => T(2, 3).Linear(T(5, 3), V(3)), ["Linear", "[5, 3]", "[3]", "[5]"]),
        ["Linear with a vector as weight"] = (() => T(2, 3).Linear(V(3)), ["Linear", "[2, 3]", "[3]"]),
        ["Add"] = (() => _ = T(2, 3) + T(3, 2), ["Add", "[2, 3]", "[3, 2]"]),
        ["Add a row"] = (() => _ = T(2, 3) + V(2), ["Add", "[2, 3]", "[2]"]),
        ["Sub"] = (() => _ = T(2, 3) - T(4, 3), ["Sub", "[2, 3]", "[4, 3]"]),
        ["Mul"] = (() => _ = T(2, 3) * T(2, 4), ["Mul", "[2, 3]", "[2, 4]"]),
        ["Div"] = (() => _ = T(2, 3) / V(4), ["Div", "[2, 3]", "[4]"]),
        ["Reshape"] = (() => T(2, 3).Reshape((4, 2)), ["Reshape", "[2, 3]", "[4, 2]"]),
        ["NllLoss"] = (() => T(2, 3).NllLoss(Labels.From([0, 1, 2])), ["NllLoss", "[2, 3]", "3 labels"]),
        ["CrossEntropy"] = (() => T(2, 3).CrossEntropy(Labels.From([0])), ["CrossEntropy", "[2, 3]", "1 labels"]),
        ["CrossEntropy of a vector"] = (() => V(3).CrossEntropy(Labels.From([0])), ["CrossEntropy", "[3]", "1 labels"]),
        ["CrossEntropy smoothed"] =
            (() => T(2, 3).CrossEntropy(Labels.From([0]), labelSmoothing: 0.1f), ["CrossEntropy", "[2, 3]", "1 labels"]),
        ["CrossEntropy weights"] =
            (() => T(2, 3).CrossEntropy(Labels.From([0, 1]), labelSmoothing: 0, weight: [1, 2]),
            ["CrossEntropy", "[2, 3]", "2 class weights", "3"]),
        ["MseLoss"] = (() => T(2, 3).MseLoss(V(3)), ["MseLoss", "[2, 3]", "[3]"]),
        ["BinaryCrossEntropyWithLogits"] =
            (() => T(2, 3).BinaryCrossEntropyWithLogits(T(3, 2)), ["BinaryCrossEntropyWithLogits", "[2, 3]", "[3, 2]"]),
        ["CountCorrect"] = (() => T(2, 3).CountCorrect(Labels.From([0, 1, 2])), ["CountCorrect", "[2, 3]", "3 labels"]),
        ["CountCorrect of no columns"] = (() => T(2, 0).CountCorrect(Labels.From([0, 0])), ["CountCorrect", "[2, 0]", "columns"]),
        ["ArgMax of no columns"] = (() => T(2, 0).ArgMax(), ["ArgMax", "[2, 0]", "columns"]),
        ["Max of nothing"] = (() => V(0).Max(), ["Max", "[0]", "columns"]),
        ["Max of no columns"] = (() => T(2, 0).Max(), ["Max", "[2, 0]", "columns"]),
        ["Min of no columns"] = (() => T(0, 0).Min(), ["Min", "[0, 0]", "columns"]),
        ["LogSumExp of no columns"] = (() => T(2, 0).LogSumExp(), ["LogSumExp", "[2, 0]", "columns"]),
        ["Backward"] = (() => T(2, 3).WithGrad().Square().Backward(), ["Backward", "[2, 3]"]),
        ["Backward with a gradient"] = (() => T(2, 3).WithGrad().Square().Backward(V(6)), ["Backward", "[2, 3]", "[6]"]),
    };

    public static TheoryData<string> Names => [.. Errors.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void NameTheOperationAndBothShapes(string name)
    {
        string message = Assert.Throws<ShapeException>(Errors[name].Call).Message;
        Assert.All(Errors[name].Parts, part => Assert.Contains(part, message));
    }

    [Fact]
    public void OtherArgumentsAreCheckedToo()
    {
        Assert.Contains("Dropout: p is 1.5", Assert.Throws<ArgumentOutOfRangeException>(() => V(3).Dropout(1.5, new(0))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => V(3).Dropout(double.NaN, new(0)));
        Assert.Contains("Softmax", Assert.Throws<ArgumentException>(() => T(2, 3).Softmax(NativeNN.Backends.Axis.All)).Message);
    }

    private static Tensor T(int rows, int columns) => Tensor.Ones((rows, columns));

    private static Tensor V(int length) => Tensor.Ones(length);
}
