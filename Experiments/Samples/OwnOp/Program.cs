using NativeNN;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Random;
using NativeNN.Samples.OwnOp;

// 1. Is the derivative right? Slopes are measured and compared with what Backward says.
var generator = new Generator(seed: 1);
Tensor[] inputs = [Tensor.Randn((5, 7), generator).WithGrad(), Tensor.Scalar(0.8f).WithGrad()];
Console.WriteLine($"Swish {GradCheck.Run(t => new SwishFunction(t[0], t[1]).Apply(), inputs, generator)}");

// 2. Train with it, one epoch of MNIST, and with an optimiser of our own.
var net = new Sequential(new Linear(784, 64, generator), new Swish(), new Linear(64, 10, generator));
var optimizer = new SignSgd(net.Parameters(), learningRate: 2e-4);
var images = new TensorDataset(Mnist.LoadTrain(), Normalization.Unit);
foreach (var (x, labels) in new DataLoader(images, batchSize: 32, shuffle: true, dropLast: true, generator))
{
    optimizer.ZeroGrad();
    var loss = net.Forward(x).CrossEntropy(labels);
    loss.Backward();
    optimizer.Step();
}
Console.WriteLine($"β was 1 and is {net.NamedParameters().Single(p => p.Name == "1.beta").Parameter.Item():F3}");

// 3. How good is it?
using var _ = new NoGrad();
var test = new TensorDataset(Mnist.LoadTest(), Normalization.Unit);
Console.WriteLine($"test accuracy {net.Forward(test.CopyInputs()).CountCorrect(test.Labels) / (double)test.Count:0.00%}");
