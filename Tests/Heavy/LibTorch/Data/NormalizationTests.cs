using NativeNN.Data;
using TorchSharp;

namespace NativeNN.Tests.LibTorch.Data;

/// <summary>ToTensor() divides bytes by 255; Normalize((mean,), (std,)) subtracts and divides.</summary>
public class NormalizationTests
{
    [Fact]
    public void EveryGreyValueHasPyTorchsBits()
    {
        var unit = torch.arange(256).to(torch.float32).div(255);
        Assert.Equal(unit.ToArray(), Normalization.Unit.Table.ToArray());
        Assert.Equal(Normalized(0.1307f, 0.3081f), Normalization.Mnist.Table.ToArray());
        Assert.Equal(Normalized(0.5f, 0.5f), Normalization.Half.Table.ToArray());

        float[] Normalized(float mean, float std) => unit.sub(torch.tensor(mean)).div(torch.tensor(std)).ToArray();
    }
}
