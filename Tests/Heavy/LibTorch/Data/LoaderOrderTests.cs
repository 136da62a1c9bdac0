using NativeNN.Data;
using NativeNN.Random;
using TorchSharp;

namespace NativeNN.Tests.LibTorch.Data;

/// <summary>PyTorch's DataLoader is Python around two draws and a permutation; TorchSharp's own loader is another program.</summary>
public class LoaderOrderTests
{
    [Theory]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    [InlineData(false, false, false)]
    public void EveryPassHasPyTorchsOrder(bool shuffle, bool dropLast, bool permuteWithGenerator)
    {
        const int Count = 1001, BatchSize = 32;
        int[] numbers = [.. Enumerable.Range(0, Count)];
        var dataset = new TensorDataset(Tensor.Zeros((Count, 1)), Labels.From(numbers));
        var generator = new Generator(42);
        torch.manual_seed(42);
        var loader = new DataLoader(dataset, BatchSize, shuffle, dropLast, generator, permuteWithGenerator);
        for (int pass = 0; pass < 3; pass++)
        {
            long[] order = TorchOrder.Draw(Count, shuffle, permuteWithGenerator);
            if (dropLast)
                order = order[..(Count / BatchSize * BatchSize)];
            Assert.Equal(order, loader.SelectMany(batch => batch.Labels.ToArray()).Select(label => (long)label));
        }
        var next = new float[3];
        generator.Rand(next);
        Assert.Equal(torch.rand(3).ToArray(), next);
    }
}
