using NativeNN.Layers;
using NativeNN.Random;
using L = NativeNN.Layers;

namespace NativeNN.Tests.Layers;

/// <summary>The expected tables follow torchsummary's own format strings, filled in by PyTorch for the same networks.</summary>
public class SummaryTests
{
    private readonly Generator generator = new(0);

    [Fact]
    public void ASequentialGivesTorchsummarysTable()
    {
        var net = new Sequential(new Linear(784, 64, generator), new Relu(), new L.Dropout(0.5, generator),
            new Linear(64, 32, generator), new Relu(), new Linear(32, 10, generator), new LogSoftmax());
        Same("""
            ----------------------------------------------------------------
                    Layer (type)               Output Shape         Param #
            ================================================================
                        Linear-1                [-1, 1, 64]          50,240
                          ReLU-2                [-1, 1, 64]               0
                       Dropout-3                [-1, 1, 64]               0
                        Linear-4                [-1, 1, 32]           2,080
                          ReLU-5                [-1, 1, 32]               0
                        Linear-6                [-1, 1, 10]             330
                    LogSoftmax-7                [-1, 1, 10]               0
            ================================================================
            Total params: 52,650
            Trainable params: 52,650
            Non-trainable params: 0
            ----------------------------------------------------------------
            Input size (MB): 0.00
            Forward/backward pass size (MB): 0.00
            Params size (MB): 0.20
            Estimated Total Size (MB): 0.21
            ----------------------------------------------------------------
            """, Summary.Of(net, (1, 784)));
        Assert.Contains("            Linear-1                   [-1, 64]          50,240\n", Summary.Of(net, 784));
    }

    [Fact]
    public void ANestedModuleComesAfterItsLayersAndFrozenWeightsAreCountedApart()
    {
        var last = new Linear(2048, 10, generator);
        last.Weight.RequiresGrad = last.Bias!.RequiresGrad = false;
        Same("""
            ----------------------------------------------------------------
                    Layer (type)               Output Shape         Param #
            ================================================================
                       Flatten-1                  [-1, 784]               0
                        Linear-2                 [-1, 2048]       1,605,632
                     LeakyReLU-3                 [-1, 2048]               0
                         Block-4                 [-1, 2048]               0
                        Linear-5                   [-1, 10]          20,490
            ================================================================
            Total params: 1,626,122
            Trainable params: 1,605,632
            Non-trainable params: 20,490
            ----------------------------------------------------------------
            Input size (MB): 0.00
            Forward/backward pass size (MB): 0.05
            Params size (MB): 6.20
            Estimated Total Size (MB): 6.26
            ----------------------------------------------------------------
            """, Summary.Of(new Sequential(new Flatten(), new Block(generator), last), (1, 784)));
    }

    [Fact]
    public void TheNetworkIsLeftAsItWas()
    {
        var inner = new L.Dropout(0.5, generator);
        var net = new Sequential(new Linear(3, 2, generator), inner);
        inner.Eval();
        string first = Summary.Of(net, 3);
        Assert.True(net.IsTraining);
        Assert.False(inner.IsTraining);
        Assert.All(net.Parameters(), p => Assert.Null(p.Grad));
        Assert.Equal(first, Summary.Of(net, 3)); // no listener stayed behind
    }

    private static void Same(string expected, string actual) => Assert.Equal(expected.ReplaceLineEndings("\n"), actual);

    private sealed class Block : Module
    {
        private readonly Linear fc1;
        private readonly LeakyRelu act = new(0.2f);

        public Block(Generator generator)
        {
            fc1 = Register("fc1", new Linear(784, 2048, generator, bias: false));
            Register("act", act);
        }

        protected override Tensor Compute(Tensor x) => act.Forward(fc1.Forward(x));
    }
}
