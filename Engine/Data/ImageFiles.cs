namespace NativeNN.Data;

/// <summary>
/// Where one part (train or test) of a data set lies: images and labels in a file each, IDX or .npz, or both in one, CSV or .npz.
/// </summary>
internal sealed record ImageFiles(string Images, string? Labels, bool IsTest)
{
    // Names of the arrays in one .npz: Keras's and MedMNIST's
    private string[] ImageArrays => IsTest ? ["x_test", "test_images"] : ["x_train", "train_images"];

    private string[] LabelArrays => IsTest ? ["y_test", "test_labels"] : ["y_train", "train_labels"];

    /// <summary>
    /// Reads images and labels; the numbers of both are compared before either is read. Throws BadInputException if a file is missing,
    /// damaged, or does not fit the other.
    /// </summary>
    public ImageSet Read(string name, string? labelColumn)
    {
        if (IsNpz(Images))
            return Labels is null
                ? ReadArrays(name, Images, ImageArrays, LabelArrays)
                : ReadArrays(name, Labels, [], []);
        if (Labels is null)
            return Csv.Read(Images, labelColumn);
        int[] sizes = Idx.ReadDimensions(Images, dimensions: 3);
        RequireImages(sizes);
        byte[] labels = Idx.ReadLabels(Labels, sizes[0], Images);
        return new ImageSet(name, Idx.Read(Images, dimensions: 3).Values, labels, sizes[1], sizes[2]);
    }

    public static bool IsNpz(string path) => path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);

    private ImageSet ReadArrays(string name, string labelPath, string[] imageNames, string[] labelNames)
    {
        int[] sizes = Npz.ReadDimensions(Images, imageNames), labels = Npz.ReadDimensions(labelPath, labelNames);
        if (sizes is [var count, var rows, var columns, 1]) // one channel
            sizes = [count, rows, columns];
        RequireImages(sizes);
        if (labels is not ([_] or [_, 1]))
            throw new BadInputException($"{labelPath}: labels of shape [{string.Join(", ", labels)}]; needs one for each image.");
        if (labels[0] != sizes[0])
            throw new BadInputException(
                $"{labelPath}: {labels[0]} labels for {sizes[0]} images in {Images}; the two files belong to different sets.");
        return new ImageSet(name, Npz.Read(Images, imageNames).Values, Npz.Read(labelPath, labelNames).Values, sizes[1], sizes[2]);
    }

    private void RequireImages(int[] sizes)
    {
        if (sizes is not [> 0, > 0, > 0])
            throw new BadInputException(
                $"{Images}: images of shape [{string.Join(", ", sizes)}]; needs [count, rows, columns], none of them 0.");
    }
}
