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

    /// <summary>The two sets on that backend, split with the seed of a run where they are split.</summary>
    public TrainingData Load(ImageSource source, long seed, Backend? backend = null) => Divide(source.Train(), source.Test, seed, backend);

    /// <summary>The same from images at hand; those for testing are asked for where none are split off.</summary>
    public TrainingData Divide(ImageSet images, Func<ImageSet> test, long seed, Backend? backend = null)
    {
        if (Images is { } most)
            images = images.Take(most);
        if (TestShare is not { } share)
            return new(images, new TensorDataset(images, Normalization, backend), new TensorDataset(test(), Normalization, backend));
        var (trainRows, testRows) = TrainTestSplit.Indices(images.Count, share, SplitSeed ?? unchecked((uint)seed));
        return new(images, new TensorDataset(images.Select(trainRows), Normalization, backend),
            new TensorDataset(images.Select(testRows), Normalization, backend));
    }
}

/// <summary>A training and a test set; Images are what the training set was made from, before any split.</summary>
public sealed record TrainingData(ImageSet Images, TensorDataset Train, TensorDataset Test)
{
    public TrainingData To(Backend backend) => new(Images, Train.To(backend), Test.To(backend));
}

/// <summary>Where images come from: --data's CSV file or folder of IDX files, else the MNIST that comes with the program.</summary>
public sealed class ImageSource(string? path, string lecture)
{
    public ImageSet Train() => path is null ? Mnist.LoadTrain() : Directory.Exists(path) ? Mnist.LoadTrain(path) : Csv.Read(path);

    /// <summary>The test part. A CSV file has none: BadInputException.</summary>
    public ImageSet Test()
    {
        if (path is null)
            return Mnist.LoadTest();
        return File.Exists(path)
            ? throw new BadInputException($"{path}: {lecture} needs a training and a test part; "
                + "give --data a folder with the four IDX files")
            : Mnist.LoadTest(path);
    }
}
