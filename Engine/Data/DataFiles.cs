using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeNN.Data;

/// <summary>
/// Finds the files of a data set where people keep them, and reads them: MNIST's four IDX files (and Fashion-MNIST's, KMNIST's, EMNIST's,
/// QMNIST's) in a folder or in torchvision's <c>root/MNIST/raw</c>, KMNIST's or Keras's .npz, <c>train.csv</c>; a file may be named itself.
/// </summary>
public sealed partial class DataFiles
{
    private readonly string? mapping;

    private DataFiles(string name, ImageFiles train, ImageFiles? test, string? mapping = null) =>
        (Name, Train, Test, this.mapping) = (name, train, test, mapping);

    /// <summary>What the set is called: by its files' own names, or by their folder.</summary>
    public string Name { get; }

    /// <summary>There is a test part.</summary>
    public bool HasTest => Test is not null;

    // EMNIST's files hold every image turned over its diagonal.
    private bool IsEmnist => Train.Images.Contains("emnist", StringComparison.OrdinalIgnoreCase);

    private ImageFiles Train { get; }

    private ImageFiles? Test { get; }

    /// <summary>
    /// Finds the set in a folder, or the one that a file belongs to. Throws BadInputException if there is none, or more than one.
    /// </summary>
    public static DataFiles Find(string path) => Directory.Exists(path) ? InFolder(path) : OfFile(path);

    /// <summary>
    /// Reads the training part, and the test part where it is wanted and there. Both get the classes of both; labels that begin at 1, as
    /// EMNIST's letters do, count from 0. transpose: whether images are turned over their diagonal; null for EMNIST's only.
    /// </summary>
    public (ImageSet Train, ImageSet? Test) Read(bool withTest, string? labelColumn = null, bool? transpose = null)
    {
        var train = Train.Read(Name, labelColumn);
        var test = withTest ? Test?.Read(Name, labelColumn) : null;
        if (test is not null && (test.Rows, test.Columns) != (train.Rows, train.Columns))
            throw new BadInputException($"{Test!.Images}: images of {test.Rows}×{test.Columns}, but {train.Rows}×{train.Columns} in "
                + $"{Train.Images}; the two parts belong to different sets.");
        var remarks = new List<string>(train.Remarks);
        if (transpose ?? IsEmnist)
        {
            (train, test) = (train.Transposed(), test?.Transposed());
            remarks.Add(transpose is null ? "EMNIST's files hold images transposed: turned upright (--transpose false leaves them)"
                : "images transposed");
        }
        byte lowest = train.Labels.Concat(test?.Labels ?? []).Min(), highest = train.Labels.Concat(test?.Labels ?? []).Max();
        int first = lowest == 1 ? 1 : 0;
        if (first == 1)
            remarks.Add($"labels 1–{highest} are classes 0–{highest - 1} of the network");
        string[] names = [.. Enumerable.Range(first, highest + 1 - first).Select(label => $"{label}")];
        Rename(names, first);
        return (Numbered(train), test is null ? null : Numbered(test));

        ImageSet Numbered(ImageSet set) => new(set.Name, set.Pixels, Array.ConvertAll(set.Labels, label => (byte)(label - first)),
            set.Rows, set.Columns, names)
        { Remarks = remarks };
    }

    private static DataFiles InFolder(string folder)
    {
        // The folder itself, torchvision's raw and EMNIST's gzip in it, and its subfolders with theirs
        foreach (string[] places in new[] { [folder], Inner(folder), [.. Subfolders(folder)], [.. Subfolders(folder).SelectMany(Inner)] })
        {
            var sets = places.SelectMany(SetsIn).ToList();
            if (sets is [var only])
                return only;
            if (sets.Count > 1)
                throw new BadInputException($"{folder}: holds several data sets; give --data the file of one's training images, of "
                    + $"{string.Join(", ", sets.Take(6).Select(set => Path.GetRelativePath(folder, set.Train.Images)))}");
        }
        throw new BadInputException($"{folder}: no training images: no train-images-idx3-ubyte.gz with train-labels-idx1-ubyte.gz "
            + "(plain too, and with a set's name before), no train.csv, no .npz, here or in a subfolder");
    }

    private static IEnumerable<string> Subfolders(string folder) => Listed(folder, Directory.EnumerateDirectories).Order().Take(100);

    private static string[] Inner(string folder) => [Path.Combine(folder, "raw"), Path.Combine(folder, "gzip")];

    private static DataFiles OfFile(string path)
    {
        if (!File.Exists(path))
            throw new BadInputException($"{path}: no such file or folder; check the path.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!, name = Path.GetFileName(path);
        if (ArrayFile().Match(name) is { Success: true } array && ArraySets(folder, SetOf(array)) is [var set])
            return set;
        var file = new ImageFiles(path, Labels: null, IsTest: false);
        if (ImageFiles.IsNpz(path))
            return new DataFiles(name, file, NpzTest(path));
        if (InputFile.Start(path) is [0, 0, ..])
            throw new BadInputException($"{path}: an IDX file without the other of images and labels; give --data the folder that holds "
                + "both, named as train-images-idx3-ubyte and train-labels-idx1-ubyte");
        // A CSV file; its test part lies beside it.
        bool isTrain = TableFile().Match(name) is { Success: true } table && !IsTest(table);
        return new DataFiles(name, file, isTrain ? TableSets(folder).Find(s => Path.GetFileName(s.Train.Images) == name)?.Test : null);
    }

    // Every set of which the folder itself holds training images; CSV files count where there is nothing else.
    private static List<DataFiles> SetsIn(string folder) =>
        ArraySets(folder) is { Count: > 0 } arrays ? arrays
        : TableSets(folder) is { Count: > 0 } tables ? tables
        : [.. NamesIn(folder).Where(ImageFiles.IsNpz).Select(name => Path.Combine(folder, name))
            .Select(path => new DataFiles(NameIn(folder, ""), new ImageFiles(path, Labels: null, IsTest: false), NpzTest(path)))];

    // Sets of IDX or .npz files, or the one of that name; .gz first, where a file lies there packed and unpacked.
    private static List<DataFiles> ArraySets(string folder, string? only = null)
    {
        var files = NamesIn(folder).OrderByDescending(name => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            .Select(name => ArrayFile().Match(name)).Where(match => match.Success && (only is null || only == SetOf(match))).ToList();
        return [.. files.Select(SetOf).Distinct().Select(set => Arrays(folder, set, files)).OfType<DataFiles>()];
    }

    private static List<DataFiles> TableSets(string folder)
    {
        var files = NamesIn(folder).Select(name => TableFile().Match(name)).Where(match => match.Success).ToList();
        return [.. files.Where(file => !IsTest(file)).Select(train => new DataFiles(train.Value,
            new ImageFiles(Path.Combine(folder, train.Value), Labels: null, IsTest: false),
            files.Find(file => IsTest(file) && SetOf(file) == SetOf(train)) is { } test
                ? new ImageFiles(Path.Combine(folder, test.Value), Labels: null, IsTest: true) : null))];
    }

    private static IEnumerable<string> NamesIn(string folder) =>
        Listed(folder, Directory.EnumerateFiles).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    // A set of that name in IDX or .npz files; null if its training images are missing.
    private static DataFiles? Arrays(string folder, string set, List<Match> files)
    {
        string? trainImages = Path(test: false, "im"), trainLabels = Path(test: false, "labels");
        string? testImages = Path(test: true, "im"), testLabels = Path(test: true, "labels");
        if (trainImages is null)
            return null;
        if (trainLabels is null || testImages is not null && testLabels is null)
            throw new BadInputException($"{(trainLabels is null ? trainImages : testImages)}: its labels are missing; "
                + "their file should lie beside it, named the same with labels-idx1-ubyte at the end.");
        string mapping = System.IO.Path.Combine(folder, $"{set}-mapping.txt");
        return new DataFiles(NameIn(folder, set), new ImageFiles(trainImages, trainLabels, IsTest: false),
            testImages is null ? null : new ImageFiles(testImages, testLabels, IsTest: true),
            File.Exists(mapping) ? mapping : null);

        string? Path(bool test, string what) => files.Find(file => SetOf(file) == set && IsTest(file) == test
            && file.Groups["what"].Value.StartsWith(what, StringComparison.OrdinalIgnoreCase)) is { } found
                ? System.IO.Path.Combine(folder, found.Value) : null;
    }

    private static ImageFiles? NpzTest(string path) =>
        Npz.Names(path).Any(name => name is "x_test" or "test_images") ? new ImageFiles(path, Labels: null, IsTest: true) : null;

    // The set's own name where its files have one, else its folder's: not raw or gzip, but what these are in.
    private static string NameIn(string folder, string set)
    {
        if (set.Length > 0)
            return set;
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), name = Path.GetFileName(full);
        return name is "raw" or "gzip" ? Path.GetFileName(Path.GetDirectoryName(full)) ?? name : name;
    }

    private static string SetOf(Match file) => file.Groups["set"].Value;

    private static bool IsTest(Match file) => !file.Groups["part"].Value.Equals("train", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Listed(string folder, Func<string, IEnumerable<string>> list)
    {
        try
        {
            return Directory.Exists(folder) ? list(folder).ToList() : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{folder}: cannot be listed ({e.Message.TrimEnd('.')}); check its permissions.", e);
        }
    }

    // EMNIST's mapping: "label code code" a line, the codes of the characters that are this class.
    private void Rename(string[] names, int first)
    {
        const int LongestMapping = 1 << 16;
        if (mapping is null || new FileInfo(mapping).Length > LongestMapping)
            return;
        string text = InputFile.ReadRaw(mapping, file => new StreamReader(file).ReadToEnd());
        foreach (string line in text.Split('\n'))
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var label, var code, ..]
                && int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out int k) && k >= first && k - first < names.Length
                && byte.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out byte character) && character is > 32 and < 127)
                names[k - first] = ((char)character).ToString();
    }

    // train-images-idx3-ubyte, t10k-labels.idx1-ubyte, emnist-letters-test-images-idx3-ubyte, qmnist-train-labels-idx2-int,
    // kmnist-train-imgs.npz
    [GeneratedRegex(@"^(?<set>.*?)[-_.]?(?<part>train|test|t10k)[-_.](?<what>images|imgs|labels)"
        + @"([-_.]idx[123][-_.](ubyte|int)|\.npz)(\.gz)?$", RegexOptions.IgnoreCase)]
    private static partial Regex ArrayFile();

    // train.csv, mnist_train_small.csv, emnist-letters-test.csv.gz
    [GeneratedRegex(@"^(?<set>.*?)[-_.]?(?<part>train|test)([-_]small)?\.(csv|tsv)(\.gz)?$", RegexOptions.IgnoreCase)]
    private static partial Regex TableFile();
}
