using NativeNN.Backends;
using NativeNN.Data;

namespace NativeNN.Experiments.Running;

/// <summary>Which images a training takes, how they are divided, and what a grey value becomes.</summary>
public sealed record DataSettings
{
    public required Normalization Normalization { get; init; }

    /// <summary>Only the first so many images of the training part; null for all.</summary>
    public int? Images { get; init; }

    /// <summary>The share of these images that is split off for testing; null where the data's own test part is.</summary>
    public double? TestShare { get; init; }

    /// <summary>Seed of the split, as scikit-learn's random_state; null where the document gives none: then it is the run's.</summary>
    public uint? SplitSeed { get; init; }

    /// <summary>The share that is split off where the data have no test part; null where the lecture cannot do without.</summary>
    public double? ShareWithoutTestPart { get; init; }

    /// <summary>The two sets on that backend, split with the seed of a run where they are split.</summary>
    public TrainingData Load(ImageSource source, long seed, Backend? backend = null)
    {
        var (train, test) = source.Load(withTest: TestShare is null, testIsNeeded: ShareWithoutTestPart is null);
        return Divide(train, () => test, seed, backend);
    }

    /// <summary>The same from images at hand; those for testing are asked for where none are split off.</summary>
    public TrainingData Divide(ImageSet images, Func<ImageSet?> test, long seed, Backend? backend = null)
    {
        if (Images is { } most)
            images = images.Take(most);
        if (TestShare is null && test() is { } part)
            return new(images, new TensorDataset(images, Normalization, backend), new TensorDataset(part, Normalization, backend));
        double share = TestShare ?? ShareWithoutTestPart ?? throw new BadInputException($"{images.Name}: has no test part");
        if (Math.Ceiling(share * images.Count) >= images.Count)
            throw new BadInputException($"{images.Name}: {images.Count} image cannot be divided into a training and a test part");
        var (trainRows, testRows) = TrainTestSplit.Indices(images.Count, share, SplitSeed ?? unchecked((uint)seed));
        return new(images, new TensorDataset(images.Select(trainRows), Normalization, backend),
            new TensorDataset(images.Select(testRows), Normalization, backend))
        {
            Remarks = TestShare is null ? [.. images.Remarks, $"no test part: {share:0%} of the images are held out"] : images.Remarks,
        };
    }
}

/// <summary>A training and a test set; Images are what the training set was made from, before any split.</summary>
public sealed record TrainingData(ImageSet Images, TensorDataset Train, TensorDataset Test)
{
    /// <summary>Height of an image.</summary>
    public int Rows => Images.Rows;

    /// <summary>Width of an image.</summary>
    public int Columns => Images.Columns;

    /// <summary>Pixels of one image: the network's inputs.</summary>
    public int Inputs => Images.PixelsPerImage;

    /// <summary>The network's outputs.</summary>
    public int ClassCount => Images.ClassCount;

    /// <summary>What the classes are called, label by label.</summary>
    public IReadOnlyList<string> ClassNames => Images.ClassNames;

    /// <summary>What was done to the files' content to make the sets.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = Images.Remarks;

    public TrainingData To(Backend backend) => this with { Train = Train.To(backend), Test = Test.To(backend) };

    /// <summary>"letters: 900 + 100 images of 28×28 pixels (0–255) in 26 classes (A, B, C, … Z)"</summary>
    public string Describe()
    {
        const int Shown = 4;
        var names = ClassNames.Count <= Shown ? ClassNames : [.. ClassNames.Take(Shown - 1), "… " + ClassNames[^1]];
        return $"{Images.Name}: {Train.Count:N0} + {Test.Count:N0} images of {Rows}×{Columns} pixels "
            + $"({Images.Pixels.Min()}–{Images.Pixels.Max()}) in {ClassCount} classes ({string.Join(", ", names)})";
    }
}

/// <summary>
/// Where images come from: --data's file or folder (see <see cref="DataFiles"/>), else the MNIST that comes with the program.
/// </summary>
public sealed class ImageSource(string? path, string lecture, string? labelColumn = null, bool? transpose = null)
{
    /// <summary>The training part and, if wanted, the test part; null where there is none. BadInputException if it is needed.</summary>
    public (ImageSet Train, ImageSet? Test) Load(bool withTest, bool testIsNeeded)
    {
        if (Mnist.IsBundled(path))
            return (Mnist.LoadTrain(), withTest ? Mnist.LoadTest() : null);
        var files = DataFiles.Find(path!);
        if (withTest && testIsNeeded && !files.HasTest)
            throw new BadInputException($"{path}: {lecture} needs a training and a test part; "
                + "give --data a folder with both, as MNIST's four IDX files");
        return files.Read(withTest, labelColumn, transpose);
    }
}
