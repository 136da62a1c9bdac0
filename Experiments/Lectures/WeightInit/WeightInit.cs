using System.Globalization;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Document 004, "Weight initialization": a network whose weights all start at zero, or all at 0.5, or half of them huge, does not learn;
/// sigmoids want Xavier's initialisation. The network is 784-32-32-10 without activations; batches of 4, SGD 0.001.
/// </summary>
public sealed class WeightInit : Lecture
{
    private const int BatchSize = 4;
    private const double LearningRate = 0.001;
    private const double SigmoidLearningRate = 0.1; // of our second comparison: at 0.001 sigmoids hardly move in one epoch
    private const int ZeroEpochs = 3, ConstantEpochs = 3, UnusualEpochs = 5, ComparedEpochs = 1;
    private const double Constant = 0.5;
    private const double High = 100, Low = 1e-8; // the unusual weights
    private const int Target = 1; // of the random image in the gradient cell
    private const int QuickImages = 6_000;
    private const int MeasuredImages = 1_000;
    internal const int CurveSteps = 100; // steps averaged for one point of a loss curve
    private const int FirstSteps = 20;

    public override string Name => "weight-init";

    public override string Title => "Weight initialisation: zero, constant, unusual, and better ones";

    public override int DefaultEpochs => ZeroEpochs;

    public override int QuickEpochs => 1;

    public override void Run(LectureRun run)
    {
        // 1. Data: MNIST in −1…1, batches of 4. The document only trains; our comparisons also test.
        var (images, testImages) = (run.LoadTrain(), run.LoadTest());
        if (run.Options.Quick)
            images = images.Take(QuickImages);
        var trainSet = new TensorDataset(images, Normalization.Half, run.Backend);
        var testSet = new TensorDataset(testImages, Normalization.Half, run.Backend);
        run.Report.Dataset = (images.Name, trainSet.Count, testSet.Count);
        var classes = Enumerable.Range(0, 10).Select(digit => images.Labels.Count(l => l == digit) / (double)images.Count).ToArray();
        var measured = testSet.Select(Enumerable.Range(0, Math.Min(MeasuredImages, testSet.Count)).ToArray());

        // 2. The document's script: one model, refilled for each part; one generator throughout
        var generator = new Generator(run.Seed);
        var model = Net(generator);
        run.Print("model", model.ToString());

        FillConstant(model, 0);
        var zero = Train("zero", model, generator, ZeroEpochs);
        FillConstant(model, Constant);
        var constant = Train("constant", model, generator, ConstantEpochs);

        // 3. Gradients of one backward pass. The document zeroes none, so it prints the last batch's gradients plus the new ones.
        var values = new float[784];
        generator.Normal(values, mean: 0, std: 1); // torch.randn(size=(1, 784))
        var noise = Tensor.From(values, (1, 784), run.Backend);
        var trained = WeightInitGradients.Of(model, noise, Target);
        var accumulated = trained.Plus(constant.Recording);
        var own = Net(new Generator(run.Seed));
        own.To(run.Backend);
        FillConstant(own, Constant);
        var fresh = WeightInitGradients.Of(own, noise, Target);
        FillConstant(own, 0);
        var zeroGradients = WeightInitGradients.Of(own, noise, Target);
        run.Print("Gradients of the zero network", zeroGradients.Describe());
        run.Print($"Gradients of the network with all weights {Constant}, not trained", fresh.Describe());
        run.Print("Gradients after training from constant weights", trained.Describe());
        run.Print("The same added to the last batch's, as the document prints them", accumulated.Describe());

        FillUnusual(model, generator);
        var unusual = Train("unusual", model, generator, UnusualEpochs);

        WeightInitFigures.Training(run, [("Zero weights", zero), ("Constant weights", constant), ("Unusual weights", unusual)]);
        WeightInitFigures.Digits(run, zero, constant, classes);
        WeightInitFigures.Gradients(run, fresh, trained, accumulated);
        WeightInitFigures.Unusual(run, unusual);

        // 4. The sigmoid and three initialisations, still with the document's draws
        var sigmoid = WeightInitSigmoid.Measure(generator, run.Seed);
        WeightInitFigures.Sigmoid(run, sigmoid);

        // 5. Which initialisation is best for sigmoids? Trained, with the document's learning rate and with a larger one.
        var sigmoids = Sigmoids("", LearningRate);
        var fastSigmoids = Sigmoids("-0.1", SigmoidLearningRate);
        var scales = SigmoidFills.Select(init =>
        {
            var random = new Generator(run.Seed);
            var net = Sigmoid(random);
            Fill(net, weight => init.Fill(weight, random));
            net.To(run.Backend);
            return WeightInitMeasures.Scales(net, measured.CopyInputs(), measured.Labels);
        }).ToArray();
        WeightInitFigures.SigmoidTrainings(run, (sigmoids, LearningRate), (fastSigmoids, SigmoidLearningRate));

        // 6. Too high or too low? Each alone, instead of half and half.
        var high = Compare("only-high", Linear, (net, random) => FillNormal(net, random, High));
        var low = Compare("only-low", Linear, (net, random) => FillNormal(net, random, Low));

        // 7. What an activation changes: zero and constant weights with ReLU
        var reluZero = Compare("relu-zero", Relu, (net, _) => FillConstant(net, 0), ZeroEpochs);
        var reluConstant = Compare("relu-constant", Relu, (net, _) => FillConstant(net, Constant), ConstantEpochs);
        WeightInitFigures.WithRelu(run, [("zero", zero), ("zero, ReLU", reluZero), ("constant 0.5", constant), ("constant 0.5, ReLU", reluConstant)]);

        // 8. 'Be creative': five initialisations that do learn
        (string Name, Trained Trained)[] creative =
        [
            ("default", Compare("default", Linear, (_, _) => { })),
            ("LeCun normal", Compare("lecun", Linear, (net, random) => Fill(net, weight => Init.LecunNormal(weight, random)))),
            ("orthogonal", Compare("orthogonal", Linear, (net, random) => Fill(net, weight => Init.Orthogonal(weight, random)))),
            ("truncated normal, σ 0.02", Compare("truncated-normal", Linear,
                (net, random) => Fill(net, weight => Init.TruncatedNormal(weight, random, mean: 0, std: 0.02, low: -0.04, high: 0.04)))),
            ("sparse, 90% zeros", Compare("sparse", Linear, (net, random) => Fill(net, weight => Init.Sparse(weight, random, sparsity: 0.9, std: 0.1)))),
        ];
        WeightInitFigures.Creative(run, creative);

        // 9. What the document said, beside what was measured
        var claims = new WeightInitClaims(run, classes);
        claims.JudgeZero(zero, zeroGradients);
        claims.JudgeConstant(constant, fresh, trained);
        claims.JudgeUnusual(unusual, high, low, activations: model.Modules.Count(m => m is not Layers.Linear));
        claims.JudgeSigmoid(sigmoid, sigmoids, fastSigmoids, scales);
        claims.JudgeOurs(zero, constant, reluZero, reluConstant, creative);

        // The document's trainings: every epoch's loss and accuracy while training.
        Trained Train(string key, Sequential net, Generator random, int epochs, double learningRate = LearningRate, bool test = false)
        {
            net.To(run.Backend);
            var initial = Snapshot.Of(net);
            var active = WeightInitMeasures.ActiveShares(net, measured.CopyInputs());
            var digits = new double[10];
            void CountDigits(Module module, Tensor x, Tensor logits)
            {
                if (module.IsTraining)
                    WeightInitMeasures.CountPredictions(logits, digits);
            }
            net.AfterForward += CountDigits;
            var recording = run.Train(
                new TrainingSetup(key, net, new Sgd(net.Parameters(), learningRate), (logits, labels) => logits.CrossEntropy(labels), random,
                    new DataLoader(trainSet, BatchSize, shuffle: true, dropLast: false, random),
                    test ? new DataLoader(testSet, MeasuredImages, shuffle: false, dropLast: false, random) : null),
                run.EpochsOr(epochs),
                beforeEpoch: (_, _) => Array.Clear(digits),
                afterEpoch: (epoch, record, losses) =>
                {
                    if (epoch == 1)
                        record.Add("first-losses", [.. losses.Take(FirstSteps).Select(loss => (double)loss)]);
                    record.Add("loss-curve", [.. losses.Chunk(CurveSteps).Select(chunk => chunk.Average(loss => (double)loss))]);
                    record.Add("digits", [.. digits]);
                    Symmetry.Of(Snapshot.Of(net)).AddTo(record);
                    if (key == "constant")
                        WeightInitGradients.Keep(net, record);
                });
            net.AfterForward -= CountDigits;
            var result = new Trained(key, initial, Snapshot.Of(net), recording, active, WeightInitMeasures.ActiveShares(net, measured.CopyInputs()));
            run.Result($"{key}: loss {Numbers(recording.TrainLosses, "G5")}, accuracy {Numbers(recording.TrainAccuracies, "0.00%")} by epoch"
                + (test ? $"; test accuracy {recording.TestAccuracies[^1]:0.00%}" : "")
                + (recording.DivergedAtStep is { } step ? $"; the loss is not finite from step {step} on" : ""));
            return result;
        }

        // Our comparisons: each starts from --seed, so with the same shuffles wherever the fillings draw alike.
        Trained Compare(string key, Func<Generator, Sequential> make, Action<Sequential, Generator> fill, int epochs = ComparedEpochs,
            double learningRate = LearningRate)
        {
            var random = new Generator(run.Seed);
            var net = make(random);
            fill(net, random);
            return Train(key, net, random, epochs, learningRate, test: true);
        }

        (string Name, Trained Trained)[] Sigmoids(string suffix, double learningRate) => [.. SigmoidFills.Select(init => (init.Name,
            Compare($"sigmoid-{init.Key}{suffix}", Sigmoid, (net, random) => Fill(net, weight => init.Fill(weight, random)), learningRate: learningRate)))];
    }

    /// <summary>A finished training; the share of hidden activations above zero (ReLU) or the mean σ′ (sigmoid) of each layer, before and after.</summary>
    internal sealed record Trained(string Key, Snapshot Initial, Snapshot Final, Recording Recording, double[] ActiveBefore, double[] ActiveAfter);

    // ---- networks ---------------------------------------------------------------------------------------------------------------

    private static Sequential Net(Generator generator) => Linear(generator);

    internal static Sequential Linear(Generator generator) =>
        new(new Linear(784, 32, generator), new Linear(32, 32, generator), new Linear(32, 10, generator));

    private static Sequential Relu(Generator generator) =>
        new(new Linear(784, 32, generator), new Relu(), new Linear(32, 32, generator), new Relu(), new Linear(32, 10, generator));

    private static Sequential Sigmoid(Generator generator) =>
        new(new Linear(784, 32, generator), new Sigmoid(), new Linear(32, 32, generator), new Sigmoid(), new Linear(32, 10, generator));

    private static readonly (string Key, string Name, Action<Tensor, Generator> Fill)[] SigmoidFills =
    [
        ("kaiming", "Kaiming normal", (weight, random) => Init.KaimingNormal(weight, random)),
        ("normal", "standard normal", (weight, random) => Init.Normal(weight, random)),
        ("xavier", "Xavier normal", (weight, random) => Init.XavierNormal(weight, random)),
    ];

    // ---- fillings ---------------------------------------------------------------------------------------------------------------

    internal static void FillConstant(Sequential net, double value)
    {
        foreach (var parameter in net.Parameters())
            Init.Constant(parameter, value);
    }

    private static void FillNormal(Sequential net, Generator generator, double std)
    {
        foreach (var parameter in net.Parameters())
            Init.Normal(parameter, generator, mean: 0, std);
    }

    /// <summary>Fills the weight matrices; biases start at zero.</summary>
    private static void Fill(Sequential net, Action<Tensor> fill)
    {
        foreach (var layer in net.Modules.OfType<Linear>())
        {
            fill(layer.Weight);
            Init.Zeros(layer.Bias!);
        }
    }

    /// <summary>Half of the weights and biases N(0, 1)·100, the other half N(0, 1)·1e-8, drawn in the document's order.</summary>
    private static void FillUnusual(Sequential net, Generator generator)
    {
        foreach (var layer in net.Modules.OfType<Linear>())
        {
            bool[] weightMask = Mask(layer.Weight), biasMask = Mask(layer.Bias!);
            Choose(layer.Weight, weightMask);
            Choose(layer.Bias!, biasMask);
        }

        bool[] Mask(Tensor tensor) // torch.rand(shape) < 0.5
        {
            var uniform = new float[tensor.Length];
            generator.Rand(uniform);
            return [.. uniform.Select(u => u < 0.5f)];
        }

        void Choose(Tensor tensor, bool[] mask)
        {
            var high = new Queue<float>(Normals(mask.Count(m => m), (float)High));
            var low = new Queue<float>(Normals(mask.Count(m => !m), (float)Low));
            tensor.Set([.. mask.Select(m => m ? high.Dequeue() : low.Dequeue())]);
        }

        float[] Normals(int count, float scale)
        {
            var normals = new float[count];
            generator.Normal(normals, mean: 0, std: 1);
            return [.. normals.Select(n => n * scale)];
        }
    }

    internal static string Numbers(IEnumerable<double> values, string format) =>
        string.Join(", ", values.Select(v => v.ToString(format, CultureInfo.InvariantCulture)));
}
