using System.Security.Cryptography;

namespace NativeNN.Data;

/// <summary>
/// Loads the MNIST that comes with the program, whose files are checked against their published contents, or any data set of such files
/// (Fashion-MNIST, KMNIST, EMNIST) from a folder.
/// </summary>
public static class Mnist
{
    // SHA-256 of the four .gz files in Data/mnist.
    private static readonly Dictionary<string, string> BundledHashes = new()
    {
        ["train-images-idx3-ubyte.gz"] = "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971",
        ["train-labels-idx1-ubyte.gz"] = "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203",
        ["t10k-images-idx3-ubyte.gz"] = "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be",
        ["t10k-labels-idx1-ubyte.gz"] = "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b",
    };

    /// <summary>Where the program keeps its own copy: Data/mnist beside the executable.</summary>
    public static string BundledFolder => Path.Combine(AppContext.BaseDirectory, "Data", "mnist");

    /// <summary>
    /// The training part (60,000 images in MNIST) from that folder, or from BundledFolder. Throws BadInputException if a file is missing,
    /// damaged, or does not fit the other.
    /// </summary>
    public static ImageSet LoadTrain(string? folder = null) => IsBundled(folder)
        ? Bundled("train")
        : DataFiles.Find(folder!).Read(withTest: false).Train;

    /// <summary>The test part (10,000 images in MNIST); else as <see cref="LoadTrain"/>.</summary>
    public static ImageSet LoadTest(string? folder = null) => IsBundled(folder)
        ? Bundled("t10k")
        : DataFiles.Find(folder!).Read(withTest: true).Test
            ?? throw new BadInputException($"{folder}: no test part; needs t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz");

    /// <summary>Whether that is the program's own copy; null is.</summary>
    public static bool IsBundled(string? folder) => folder is null
        || Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) == Path.GetFullPath(BundledFolder);

    private static ImageSet Bundled(string part)
    {
        string images = Path.Combine(BundledFolder, $"{part}-images-idx3-ubyte.gz");
        string labels = Path.Combine(BundledFolder, $"{part}-labels-idx1-ubyte.gz");
        CheckHash(images);
        CheckHash(labels);
        return new ImageFiles(images, labels, IsTest: part != "train").Read("MNIST", labelColumn: null);
    }

    internal static void CheckHash(string path)
    {
        string name = Path.GetFileName(path);
        string hash = InputFile.ReadRaw(path, stream => Convert.ToHexStringLower(SHA256.HashData(stream)));
        if (!BundledHashes.TryGetValue(name, out string? expected) || hash != expected)
            throw new BadInputException($"{path}: SHA-256 {hash} is not that of MNIST's {name}; restore the file from the repository.");
    }
}
