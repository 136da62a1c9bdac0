using TorchSharp;

namespace NativeNN.Tests.LibTorch.Data;

/// <summary>Tensors of numbers that nobody draws.</summary>
public class CreationTests
{
    [Theory]
    [InlineData(0, 10, 1)]
    [InlineData(0, 1, 0.1)]
    [InlineData(-3, 40, 0.3)]
    [InlineData(1, 1000, 0.7)]
    [InlineData(5, -5, -0.01)]
    public void Arange(double start, double end, double step) =>
        Assert.Equal(torch.arange(start, end, step, torch.float32).ToArray(), Tensor.Arange(start, end, step).ToArray());

    [Fact]
    public void Eye() => Assert.Equal(torch.eye(5, 3).ToArray(), Tensor.Eye(5, 3).ToArray());
}
