using NativeNN.Random;

namespace NativeNN.Tests.Random;

public class NumpyRandomStateTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void PermutationsHoldEveryRowOnce(int n) =>
        Assert.Equal(Enumerable.Range(0, n), new NumpyRandomState(42).Permutation(n).Order());
}
