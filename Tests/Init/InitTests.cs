using NativeNN.Random;

namespace NativeNN.Tests.Initialisers;

public class InitTests
{
    public static TheoryData<string> Scaled =>
        ["XavierUniform", "XavierNormal", "KaimingUniform", "KaimingNormal", "LecunUniform", "LecunNormal"];

    //  Var w·(what it should be)⁻¹ = 1 for weights [200, 300]: in = 300, out = 200
    [Theory]
    [InlineData("XavierUniform", 2.0 / 500)]
    [InlineData("XavierNormal", 2.0 / 500)]
    [InlineData("KaimingUniform", 2.0 / 300)]
    [InlineData("KaimingNormal", 2.0 / 300)]
    [InlineData("LecunUniform", 1.0 / 300)]
    [InlineData("LecunNormal", 1.0 / 300)]
    public void VarianceFollowsTheFan(string name, double variance)
    {
        var weight = Tensor.Empty((200, 300));
        Draw(name, weight);
        double measured = weight.ToArray().Average(w => (double)w * w);
        Assert.Equal(1, measured / variance, 0.03);
    }

    [Theory]
    [MemberData(nameof(Scaled))]
    public void VectorsHaveNoFan(string name)
    {
        var error = Assert.Throws<ShapeException>(() => Draw(name, Tensor.Empty(1000)));
        Assert.Contains(name, error.Message);
        Assert.Contains("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions", error.Message);
        Assert.Contains("[1000]", error.Message);
    }

    [Fact]
    public void MatricesOnly()
    {
        var vector = Tensor.Empty(10);
        Assert.Throws<ShapeException>(() => Init.Sparse(vector, new Generator(0), sparsity: 0.1));
        Assert.Throws<ShapeException>(() => Init.Orthogonal(vector, new Generator(0)));
        Assert.Throws<ShapeException>(() => Init.Eye(vector));
    }

    [Theory]
    [InlineData(5, 9)]
    [InlineData(9, 5)]
    [InlineData(6, 6)]
    [InlineData(1, 4)]
    public void OrthogonalVectorsAreOrthonormalTimesTheGain(int rows, int columns)
    {
        var weight = Tensor.Empty((rows, columns));
        Init.Orthogonal(weight, new Generator(3), gain: 2);
        bool wide = rows <= columns;
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                double dot = Enumerable.Range(0, length).Sum(k =>
                    wide ? (double)weight[i, k] * weight[j, k] : (double)weight[k, i] * weight[k, j]);
                Assert.Equal(i == j ? 4 : 0, dot, 1e-5);
            }
        }
    }

    [Fact]
    public void SparseColumnsHoldTheirShareOfZeros()
    {
        var weight = Tensor.Empty((25, 8));
        Init.Sparse(weight, new Generator(3), sparsity: 0.33);
        for (int column = 0; column < 8; column++)
            Assert.Equal(9, Enumerable.Range(0, 25).Count(row => weight[row, column] == 0)); // ⌈0.33·25⌉
    }

    [Fact]
    public void TruncatedNormalsStayInside()
    {
        var tensor = Tensor.Empty(20_000);
        Init.TruncatedNormal(tensor, new Generator(3), mean: 1, std: 2, low: 0, high: 1.5);
        float[] values = tensor.ToArray();
        Assert.InRange(values.Min(), 0, 0.01);
        Assert.InRange(values.Max(), 1.49, 1.5);
        Assert.Equal(0.7698, values.Average(), 0.01); // mean + std·(φ(α) - φ(β))/(Φ(β) - Φ(α)) with α = -½, β = ¼
        Assert.Throws<ArgumentException>(() => Init.TruncatedNormal(tensor, new Generator(3), low: 2, high: 1));
    }

    [Fact]
    public void ConstantsAndIdentity()
    {
        var tensor = Tensor.Empty((2, 3));
        Init.Zeros(tensor);
        Assert.Equal(new float[6], tensor.ToArray());
        Init.Ones(tensor);
        Assert.Equal([1f, 1, 1, 1, 1, 1], tensor.ToArray());
        Init.Constant(tensor, 0.1);
        Assert.Equal([0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f], tensor.ToArray());
        Init.Eye(tensor);
        Assert.Equal([1f, 0, 0, 0, 1, 0], tensor.ToArray());
    }

    [Theory]
    [InlineData(Nonlinearity.Linear, 1)]
    [InlineData(Nonlinearity.Sigmoid, 1)]
    [InlineData(Nonlinearity.Tanh, 5.0 / 3)]
    [InlineData(Nonlinearity.Relu, 1.4142135623730951)]
    [InlineData(Nonlinearity.LeakyRelu, 1.4141428569978354)] // slope 0.01: √(2/1.0001)
    [InlineData(Nonlinearity.Selu, 0.75)]
    public void GainsAreThoseOfPyTorch(Nonlinearity nonlinearity, double gain) =>
        Assert.Equal(gain, Init.CalculateGain(nonlinearity), 1e-15);

    [Fact]
    public void BadSpreadsAreRefused()
    {
        var tensor = Tensor.Empty(3);
        Assert.Throws<ArgumentException>(() => Init.Normal(tensor, new Generator(0), mean: 0, std: -1));
        Assert.Throws<ArgumentException>(() => Init.Uniform(tensor, new Generator(0), low: 1, high: 0));
    }

    private static void Draw(string name, Tensor weight)
    {
        var generator = new Generator(17);
        switch (name)
        {
            case "XavierUniform": Init.XavierUniform(weight, generator); break;
            case "XavierNormal": Init.XavierNormal(weight, generator); break;
            case "KaimingUniform": Init.KaimingUniform(weight, generator); break;
            case "KaimingNormal": Init.KaimingNormal(weight, generator, nonlinearity: Nonlinearity.Relu); break;
            case "LecunUniform": Init.LecunUniform(weight, generator); break;
            default: Init.LecunNormal(weight, generator); break;
        }
    }
}
