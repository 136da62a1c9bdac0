using NativeNN.Optim;

namespace NativeNN.Exercises;

//  6. SGD with momentum μ: v = μ·v + g, then w = w − lr·v. v starts at 0.
//  Hint: Buffer(i, "velocity") is parameter i's v; Set(values.ToArray()) overwrites a tensor. group has LearningRate and Momentum.
public sealed class Momentum(IEnumerable<Tensor> parameters, double learningRate, double momentum)
    : Optimizer(parameters, learningRate, weightDecay: 0, momentum)
{
    protected override string[] BufferNames(double momentum) => ["velocity"];

    protected override void Update(int i, Tensor w, Tensor gradient, int step, ParameterGroup group)
    {
        var v = Buffer(i, "velocity");
        v.Set(((float)group.Momentum * v + gradient).ToArray());
        w.Set((w - (float)group.LearningRate * v).ToArray());
    }
}
