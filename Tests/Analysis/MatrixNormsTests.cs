using NativeNN.Analysis;
using NativeNN.Random;

namespace NativeNN.Tests.Analysis;

public class MatrixNormsTests
{
    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void SingularValuesDoNotDependOnTheSide(int rows, int columns)
    {
        // σ² of [[3, 0, 0], [0, 4, 0]] and of its transpose
        double[] matrix = new double[6];
        matrix[0] = 3;
        matrix[columns + 1] = 4;
        Assert.Equal([4.0, 3.0], MatrixNorms.SingularValues(matrix, rows, columns).Select(s => Math.Round(s, 14)));
        Assert.Equal(5, MatrixNorms.Frobenius(matrix), 1e-15);
    }

    [Fact]
    public void ATypicalValueIsTheRootOfTheMeanSquare() =>
        Assert.Equal(2.5, MatrixNorms.RootMeanSquare([3, -4, 0, 0])); // √(25/4)

    [Fact]
    public void ALayersConditionNumberIsThatOfARandomMatrix()
    {
        float[] weight = new float[64 * 784];
        new Generator(0).Uniform(weight, -1 / 28.0, 1 / 28.0);
        // (√784 + √64)/(√784 − √64) = 1.8 for wide random matrices
        Assert.InRange(MatrixNorms.ConditionNumber(weight, 64, 784), 1.5, 2.1);
    }

    [Fact]
    public void DistanceIsTheNormOfTheDifference()
    {
        Assert.Equal(5, MatrixNorms.FrobeniusDistance([1f, 2f], [4f, -2f]), 1e-12);
        Assert.Throws<ArgumentException>(() => MatrixNorms.FrobeniusDistance([1f], [1f, 2f]));
    }

    [Fact]
    public void WrongLengthsAndNonfiniteValuesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => MatrixNorms.SingularValues([1.0, 2.0], 2, 2));
        Assert.Throws<ArgumentException>(() => MatrixNorms.SingularValues([1.0, double.PositiveInfinity], 1, 2));
    }
}
