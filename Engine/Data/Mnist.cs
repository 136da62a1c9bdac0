using System.Security.Cryptography;

namespace NativeNN.Data;

/// <summary>
/// Loads MNIST, or any data set laid out like it (Fashion-MNIST, KMNIST), from a folder with the four IDX files,
/// plain or gzipped. The files that come with the program are checked against their published contents.
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
    public static ImageSet LoadTrain(string? folder = null) => Load(folder ?? BundledFolder, "train");

    /// <summary>The test part (10,000 images in MNIST); else as <see cref="LoadTrain"/>.</summary>
    public static ImageSet LoadTest(string? folder = null) => Load(folder ?? BundledFolder, "t10k");

    private static ImageSet Load(string folder, string part)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        bool bundled = full == Path.GetFullPath(BundledFolder);
        string imagesPath = Find(folder, $"{part}-images", "idx3-ubyte");
        string labelsPath = Find(folder, $"{part}-labels", "idx1-ubyte");
        if (bundled)
        {
            CheckHash(imagesPath);
            CheckHash(labelsPath);
        }
        var images = Idx.Read(imagesPath, dimensions: 3);
        var labels = Idx.Read(labelsPath, dimensions: 1);
        if (images.Dimensions[0] != labels.Dimensions[0])
        {
            throw new BadInputException(
                $"{labelsPath}: {labels.Dimensions[0]} labels for {images.Dimensions[0]} images in {imagesPath}; "
                + "the two files belong to different sets.");
        }
        int wrong = labels.Values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)9);
        if (wrong >= 0)
            throw new BadInputException(
                $"{labelsPath}: label {labels.Values[wrong]} of image {wrong + 1} is outside 0–9; get the file again.");
        string name = bundled ? "MNIST" : Path.GetFileName(full);
        return new ImageSet(name, images.Values, labels.Values, images.Dimensions[1], images.Dimensions[2]);
    }

    // The names in use: train-images-idx3-ubyte and train-images.idx3-ubyte, each with or without .gz.
    private static string Find(string folder, string stem, string ending)
    {
        if (!Directory.Exists(folder))
            throw new BadInputException($"{folder}: no such folder; it should hold the four IDX files of MNIST, plain or .gz.");
        string[] names = [$"{stem}-{ending}.gz", $"{stem}-{ending}", $"{stem}.{ending}.gz", $"{stem}.{ending}"];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new BadInputException(
                $"{Path.Combine(folder, names[0])}: no such file, nor one without .gz; the folder should hold the four IDX files.");
    }

    internal static void CheckHash(string path)
    {
        string name = Path.GetFileName(path);
        string hash = InputFile.ReadRaw(path, stream => Convert.ToHexStringLower(SHA256.HashData(stream)));
        if (!BundledHashes.TryGetValue(name, out string? expected) || hash != expected)
            throw new BadInputException($"{path}: SHA-256 {hash} is not that of MNIST's {name}; restore the file from the repository.");
    }
}
