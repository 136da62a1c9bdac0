using NativeNN.Backends;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;
using NativeNN.Training;

namespace NativeNN.Bench;

/// <summary>A lecture's training, one step at a time or an epoch at a time, with the batches and the records a lecture has.</summary>
internal sealed class LectureTraining
{
    private readonly LectureSetup setup;
    private readonly DataLoader loader;
    private readonly Module net;
    private readonly Optimizer optimizer;
    private readonly StepRecorder recorder;
    private IEnumerator<Batch>? pass;

    public LectureTraining(LectureSetup setup, TensorDataset train, Backend backend, long seed = 42, bool deviceDropout = false)
    {
        this.setup = setup;
        var generator = new Generator(seed) { DropoutKernel = deviceDropout ? DropoutKernel.Philox : DropoutKernel.Default };
        net = setup.Net(generator, backend);
        optimizer = setup.OptimizerOf(net);
        loader = new DataLoader(train, setup.Batch, shuffle: true, dropLast: false, generator);
        recorder = new StepRecorder(backend, loader.Count);
    }

    public Module Net => net;

    /// <summary>The next batch of the current pass over the data, and one update; a new pass begins where the last ended.</summary>
    public void Step()
    {
        while (pass is null || !pass.MoveNext())
        {
            pass = loader.GetEnumerator();
            recorder.Reset();
        }
        Update(pass.Current);
    }

    /// <summary>One pass over the data. Returns the mean loss.</summary>
    public double Epoch()
    {
        net.Train();
        recorder.Reset();
        foreach (var batch in loader)
            Update(batch);
        return recorder.Losses().Average(loss => (double)loss);
    }

    /// <summary>Right answers / all answers.</summary>
    public double Evaluate(TensorDataset test)
    {
        net.Eval();
        using var _ = new NoGrad();
        var batches = new DataLoader(test, batchSize: 1000, shuffle: false, dropLast: false, new Generator(0));
        var answers = new StepRecorder(test.Backend, batches.Count);
        foreach (var (x, labels) in batches)
            answers.Record(net.Forward(x), labels);
        return answers.Accuracy();
    }

    private void Update(Batch batch)
    {
        optimizer.ZeroGrad();
        var logits = net.Forward(batch.Inputs);
        var loss = setup.Loss(logits, batch.Labels);
        loss.Backward();
        optimizer.Step();
        recorder.Record(loss, logits, batch.Labels);
    }
}
