using TorchSharp;

namespace NativeNN.Tests.LibTorch.Data;

/// <summary>The draws of torch.utils.data.DataLoader and its RandomSampler for one pass, from LibTorch's default generator.</summary>
internal static class TorchOrder
{
    /// <summary>The rows of a pass. own: the loader was given that generator, and its sampler permutes with it.</summary>
    public static long[] Draw(int count, bool shuffle, bool own = false)
    {
        Seed(); // iter(loader): the workers' base seed, drawn without workers too
        if (!shuffle)
            return [.. Enumerable.Range(0, count).Select(row => (long)row)];
        using var sampler = own ? null : new torch.Generator((ulong)Seed(), torch.CPU);
        return torch.randperm(count, generator: sampler).data<long>().ToArray();
    }

    /// <summary>
    /// What random_() draws for an int64: the low 63 of 64 bits. TorchSharp has that call only with a range, and the widest range has all
    /// 64.
    /// </summary>
    public static torch.Tensor SeedsOfLoaders(int count) =>
        torch.randint(long.MinValue, long.MaxValue, [count]).bitwise_and(torch.tensor(long.MaxValue));

    private static long Seed() => SeedsOfLoaders(1).item<long>();
}
