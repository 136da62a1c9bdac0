using NativeNN.Data;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Document 004, "Weight initialization": a network whose weights all start at zero, or all at 0.5, or half of them huge, does not learn;
/// sigmoids want Xavier's initialisation. The network is 784-32-32-10 without activations; batches of 4, SGD 0.001.
/// </summary>
public sealed class WeightInit : Lecture
{
    private const double SigmoidLearningRate = 0.1; // of our second comparison: at 0.001 sigmoids hardly move in one epoch
    private const int UnusualEpochs = 5, ComparedEpochs = 1;
    private const double Constant = 0.5;
    private const double High = 100, Low = 1e-8; // the unusual weights
    private const int Target = 1; // of the random image in the gradient cell
    private const int QuickImages = 6_000;
    private const int MeasuredImages = 1_000;
    private const int FirstSteps = 20; // of a training whose losses are kept one by one

    public override Recipe Recipe { get; } = new()
    {
        Document = "004",
        Name = "weight-init",
        Data = new() { Normalization = Normalization.Half, ShareWithoutTestPart = 0.1 },
        Network = new() { Widths = [784, 32, 32, 10], Activation = HiddenActivation.None },
        Initialization = Initialization.Constant(0),
        BatchSize = 4,
        Loss = LossFunction.CrossEntropy,
        Optimizer = new(OptimizerKind.Sgd, LearningRate: 0.001),
        Epochs = 3,
    };

    public override string Title => "Weight initialisation: zero, constant, unusual, and better ones";

    public override string Question =>
        "What happens to a network whose weights start at zero, all alike, or absurdly large, and what start is better?";

    public override string Cover => "training";

    public override int QuickEpochs => 1;

    public override bool ComparesInitializations => true;

    public override void Run(LectureRun run)
    {
        // 1. Data: MNIST in −1…1, batches of 4. The document only trains; our comparisons also test.
        var data = run.Load(run.Options.Quick ? run.Recipe with { Data = run.Recipe.Data with { Images = QuickImages } } : run.Recipe);
        var testSet = data.Test;
        run.Report.Dataset = (data.Images.Name, data.Train.Count, testSet.Count);
        var classes = ImageClasses.Of(data.Images);
        var measured = testSet.Select(Enumerable.Range(0, Math.Min(MeasuredImages, testSet.Count)).ToArray());

        var recipe = run.Recipe.For(data);
        var constantly = recipe with { Initialization = Initialization.Constant(Constant) };
        var unusually = recipe with { Initialization = new("unusual", FillUnusual), Epochs = UnusualEpochs };
        var compared = recipe with { Epochs = ComparedEpochs, Evaluation = new(MeasuredImages) }; // ours: one epoch, and tested

        // 2. The document's script: one model, refilled for each part; one generator throughout
        var curves = new Dictionary<string, Recording>(); // of all trainings, for the page
        var generator = run.NewGenerator();
        var model = recipe.Network.BuildSequential(generator);
        run.Print("model", model.ToString());

        var zero = Refill("zero", recipe);
        var constant = Refill("constant", constantly);

        // 3. Gradients of one backward pass. The document zeroes none, so it prints the last batch's gradients plus the new ones.
        var values = new float[data.Inputs];
        generator.Normal(values, mean: 0, std: 1); // torch.randn(size=(1, 784))
        var noise = Tensor.From(values, (1, data.Inputs), run.Backend);
        var trained = WeightInitGradients.Of(model, noise, Target, recipe.Loss);
        var accumulated = trained.Plus(constant.Recording);
        var fresh = WeightInitGradients.Of(Fresh(constantly), noise, Target, recipe.Loss);
        var zeroGradients = WeightInitGradients.Of(Fresh(recipe), noise, Target, recipe.Loss);
        run.Print("Gradients of the zero network", zeroGradients.Describe());
        run.Print($"Gradients of the network with all weights {Constant}, not trained", fresh.Describe());
        run.Print("Gradients after training from constant weights", trained.Describe());
        run.Print("The same added to the last batch's, as the document prints them", accumulated.Describe());

        var unusual = Refill("unusual", unusually);

        WeightInitFigures.Training(run, [("Zero weights", zero), ("Constant weights", constant), ("Unusual weights", unusual)], classes);
        WeightInitFigures.Digits(run, zero, constant, classes);
        WeightInitFigures.Gradients(run, fresh, trained, accumulated);
        WeightInitFigures.Unusual(run, unusual);

        // 4. The sigmoid and three initialisations, still with the document's draws
        var sigmoid = WeightInitSigmoid.Measure(generator, run.Seed);
        WeightInitFigures.Sigmoid(run, sigmoid);

        // 5. Which initialisation is best for sigmoids? Trained, with the document's learning rate and with a larger one.
        var sigmoidal = compared with { Network = recipe.Network with { Activation = HiddenActivation.Sigmoid } };
        var fast = sigmoidal with { Optimizer = sigmoidal.Optimizer with { LearningRate = SigmoidLearningRate } };
        var sigmoids = Sigmoids("", sigmoidal);
        var fastSigmoids = Sigmoids("-0.1", fast);
        var scales = SigmoidInitializations
            .Select(init => Fresh(sigmoidal with { Initialization = init.How }))
            .Select(net => WeightInitMeasures.Scales(net, measured.CopyInputs(), measured.Labels, recipe.Loss))
            .ToArray();
        WeightInitFigures.SigmoidTrainings(run, recipe.Network.Shape, (sigmoids, sigmoidal.Optimizer.LearningRate),
            (fastSigmoids, fast.Optimizer.LearningRate));

        // 6. Too high or too low? Each alone, instead of half and half.
        var high = Compare("only-high", compared with { Initialization = Initialization.Normal(High) });
        var low = Compare("only-low", compared with { Initialization = Initialization.Normal(Low) });

        // 7. What an activation changes: zero and constant weights with ReLU
        var relu = compared with { Network = recipe.Network with { Activation = HiddenActivation.Relu }, Epochs = recipe.Epochs };
        var reluZero = Compare("relu-zero", relu);
        var reluConstant = Compare("relu-constant", relu with { Initialization = constantly.Initialization });
        WeightInitFigures.WithRelu(run,
            [("zero", zero), ("zero, ReLU", reluZero), ("constant 0.5", constant), ("constant 0.5, ReLU", reluConstant)], classes);

        // 8. 'Be creative': five initialisations that do learn
        (string Name, Trained Trained)[] creative =
        [
            ("default", Compare("default", compared with { Initialization = Initialization.Default })),
            ("LeCun normal", Compare("lecun", WithWeights(compared, "LeCun normal", (weight, random) => Init.LecunNormal(weight, random)))),
            ("orthogonal", Compare("orthogonal", WithWeights(compared, "orthogonal", (weight, random) => Init.Orthogonal(weight, random)))),
            ("truncated normal, σ 0.02", Compare("truncated-normal", WithWeights(compared, "truncated normal, σ 0.02",
                (weight, random) => Init.TruncatedNormal(weight, random, mean: 0, std: 0.02, low: -0.04, high: 0.04)))),
            ("sparse, 90% zeros", Compare("sparse", WithWeights(compared, "sparse, 90% zeros",
                (weight, random) => Init.Sparse(weight, random, sparsity: 0.9, std: 0.1)))),
        ];
        WeightInitFigures.Creative(run, creative);

        // 9. What the document said, beside what was measured
        var claims = new WeightInitClaims(run, classes, recipe.Network.Shape);
        claims.JudgeZero(zero, zeroGradients);
        claims.JudgeConstant(constant, fresh, trained);
        claims.JudgeUnusual(unusual, high, low, activations: model.Modules.Count(m => m is not (Linear or Dropout or LogSoftmax)));
        claims.JudgeSigmoid(sigmoid, sigmoids, fastSigmoids, scales);
        claims.JudgeOurs(zero, constant, reluZero, reluConstant, creative);
        var reluScales = SigmoidInitializations
            .Select(init => Fresh(relu with { Initialization = init.How }))
            .Select(net => WeightInitMeasures.Scales(net, measured.CopyInputs(), measured.Labels, recipe.Loss))
            .ToArray();
        var ranges = new WeightInitRangeClaims(run);
        ranges.JudgeKaiming([.. SigmoidInitializations.Select(init => init.How.Name)], reluScales);
        ranges.JudgePrecision(unusual, low,
            WeightInitGradients.Of(Fresh(compared with { Initialization = Initialization.Normal(Low) }), noise, Target, recipe.Loss));

        // The document's model goes on from training to training; only its parameters start anew.
        Trained Refill(string key, Recipe variant)
        {
            variant.Initialization.Fill(model, generator);
            return Train(key, variant, model, generator);
        }

        Trained Train(string key, Recipe variant, Sequential net, Generator random)
        {
            var loop = new TrainingLoop(variant, net, data, random);
            var initial = Snapshot.Of(net);
            var active = WeightInitMeasures.ActiveShares(net, measured.CopyInputs());
            var digits = new PredictedDigits(new double[data.ClassCount]);
            void CountDigits(Module module, Tensor x, Tensor logits)
            {
                if (module.IsTraining)
                    digits.Count(logits);
            }
            net.AfterForward += CountDigits;
            var recording = run.Train(key, loop,
                beforeEpoch: (_, _) => digits.Clear(),
                afterEpoch: (epoch, record, losses) =>
                {
                    FirstLosses.AddTo(record, epoch, losses, FirstSteps);
                    LossCurve.AddTo(record, losses);
                    digits.AddTo(record);
                    Symmetry.Of(Snapshot.Of(net)).AddTo(record);
                    if (key == "constant")
                        WeightInitGradients.Keep(net, record);
                    ShowCurve(record);
                },
                counters: digits.Counts);
            ShowCurve(recording);
            net.AfterForward -= CountDigits;
            var activeAfter = WeightInitMeasures.ActiveShares(net, measured.CopyInputs());
            var result = new Trained(key, initial, Snapshot.Of(net), recording, active, activeAfter);
            string losses = Wording.List(recording.TrainLosses, 5), accuracies = Wording.List(recording.TrainAccuracies, "0.00%");
            run.Result($"{key}: loss {losses}, accuracy {accuracies} by epoch"
                + (variant.Evaluation is null ? "" : $"; test accuracy {recording.TestAccuracies[^1]:0.00%}")
                + (recording.DivergedAtStep is { } step ? $"; the loss is not finite from step {step} on" : ""));
            return result;

            void ShowCurve(Recording record)
            {
                curves[key] = record;
                WeightInitFigures.LossChart(run, curves);
            }
        }

        // Our comparisons: each starts from --seed, so with the same shuffles wherever the fillings draw alike.
        Trained Compare(string key, Recipe variant)
        {
            var random = run.NewGenerator();
            return Train(key, variant, New(variant, random), random);
        }

        (string Name, Trained Trained)[] Sigmoids(string suffix, Recipe variant) => [.. SigmoidInitializations.Select(init =>
            (init.How.Name, Compare($"sigmoid-{init.Key}{suffix}", variant with { Initialization = init.How })))];

        Sequential Fresh(Recipe variant)
        {
            var net = New(variant, run.NewGenerator());
            net.To(run.Backend);
            return net;
        }
    }

    /// <summary>A training; each hidden layer's share of activations above zero (ReLU) or mean σ′ (sigmoid), before and after.</summary>
    internal sealed record Trained(
        string Key, Snapshot Initial, Snapshot Final, Recording Recording, double[] ActiveBefore, double[] ActiveAfter);

    private static readonly (string Key, Initialization How)[] SigmoidInitializations =
    [
        ("kaiming", Initialization.Weights("Kaiming normal", (weight, random) => Init.KaimingNormal(weight, random))),
        ("normal", Initialization.Weights("standard normal", (weight, random) => Init.Normal(weight, random))),
        ("xavier", Initialization.Weights("Xavier normal", (weight, random) => Init.XavierNormal(weight, random))),
    ];

    private static Sequential New(Recipe recipe, Generator generator)
    {
        var net = recipe.Network.BuildSequential(generator);
        recipe.Initialization.Fill(net, generator);
        return net;
    }

    private static Recipe WithWeights(Recipe recipe, string name, Action<Tensor, Generator> fill) =>
        recipe with { Initialization = Initialization.Weights(name, fill) };

    /// <summary>Half of the weights and biases N(0, 1)·100, the other half N(0, 1)·1e-8, drawn in the document's order.</summary>
    private static void FillUnusual(Module net, Generator generator)
    {
        foreach (var layer in net.NamedModules().Select(m => m.Module).OfType<Linear>())
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
}
