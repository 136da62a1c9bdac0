using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;
using L = NativeNN.Layers;

namespace NativeNN.Tests.Optim;

/// <summary>Runs when no other test does: it looks at the memory of the whole process.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public class MemoryTests
{
    private const long Allowed = 500_000; // one leaked 64-byte buffer a step would be above 2 MB

    public static TheoryData<string> BackendNames => [.. TestBackends.All.Keys];

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void TwentyThousandStepsHoldFlatMemory(string backend)
    {
        var generator = new Generator(0);
        var net = new Sequential(
            new Flatten(), new Linear(4, 8, generator), new Relu(), new L.Dropout(0.1, generator), new Linear(8, 3, generator)).To(
            TestBackends.All[backend]);
        var optimizer = new Adam(net.Parameters());
        var x = Tensor.Ones((2, 4), TestBackends.All[backend]);
        var labels = Labels.From([0, 2], TestBackends.All[backend]);
        long early = 0;
        for (int step = 1; step <= 20_000; step++)
        {
            optimizer.ZeroGrad();
            net.Forward(x).CrossEntropy(labels).Backward();
            optimizer.Step();
            if (step == 1_000)
                early = GC.GetTotalMemory(forceFullCollection: true);
        }
        long growth = GC.GetTotalMemory(forceFullCollection: true) - early;
        Assert.True(growth <= Allowed, $"{growth} bytes more after 20,000 steps than after 1,000");
        GC.KeepAlive(optimizer);
    }
}
