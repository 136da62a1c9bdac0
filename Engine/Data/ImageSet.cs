namespace NativeNN.Data;

/// <summary>Grey images and their labels as bytes: what the files hold, before any normalisation.</summary>
public sealed class ImageSet
{
    /// <summary>
    /// Puts images and labels together. pixels: grey values, [count, rows, columns]; labels: classes, [count], counted from 0; classNames:
    /// what the classes are called, by default their numbers up to the highest label. Throws ArgumentException if the counts differ, or a
    /// label has no class.
    /// </summary>
    public ImageSet(string name, byte[] pixels, byte[] labels, int rows, int columns, IReadOnlyList<string>? classNames = null)
    {
        if (pixels.LongLength != (long)labels.Length * rows * columns)
            throw new ArgumentException(
                $"ImageSet: got {pixels.Length} pixels and {labels.Length} labels, needs {rows}×{columns} pixels a label");
        int classes = labels.Length == 0 ? 0 : labels.Max() + 1;
        ClassNames = classNames ?? [.. Enumerable.Range(0, classes).Select(k => $"{k}")];
        if (classes > ClassNames.Count)
            throw new ArgumentException($"ImageSet: got label {classes - 1} and {ClassNames.Count} classes, needs a class for each label");
        (Name, Pixels, Labels, Rows, Columns) = (name, pixels, labels, rows, columns);
    }

    /// <summary>What the set is called in reports, with the origin where it matters (which rows of which file).</summary>
    public string Name { get; }

    /// <summary>Grey values, [count, rows, columns].</summary>
    public byte[] Pixels { get; }

    /// <summary>Classes, [count].</summary>
    public byte[] Labels { get; }

    /// <summary>What the classes are called, label by label.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Number of classes: what the output layer has as outputs.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>What was done to the files' content to make these images, for the reader of a report.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Height of an image.</summary>
    public int Rows { get; }

    /// <summary>Width of an image.</summary>
    public int Columns { get; }

    /// <summary>Pixels of one image: what the input layer has as inputs.</summary>
    public int PixelsPerImage => Rows * Columns;

    /// <summary>The pixels of image <paramref name="index"/>.</summary>
    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * PixelsPerImage, PixelsPerImage);

    /// <summary>The first <paramref name="count"/> images, or all of them if there are fewer.</summary>
    public ImageSet Take(int count) => count >= Count ? this
        : count < 0 ? throw new ArgumentOutOfRangeException(nameof(count), $"Take: got {count} images, needs at least 0")
        : With(Pixels[..(count * PixelsPerImage)], Labels[..count]);

    /// <summary>The images of the given indices, in their order.</summary>
    public ImageSet Select(ReadOnlySpan<int> indices)
    {
        byte[] pixels = new byte[indices.Length * PixelsPerImage];
        byte[] labels = new byte[indices.Length];
        for (int k = 0; k < indices.Length; k++)
        {
            Image(indices[k]).CopyTo(pixels.AsSpan(k * PixelsPerImage));
            labels[k] = Labels[indices[k]];
        }
        return With(pixels, labels);
    }

    /// <summary>Every image turned over its diagonal, rows as columns.</summary>
    public ImageSet Transposed()
    {
        byte[] turned = new byte[Pixels.Length];
        for (int k = 0; k < Count; k++)
        {
            var image = Image(k);
            var target = turned.AsSpan(k * PixelsPerImage, PixelsPerImage);
            for (int row = 0; row < Rows; row++)
                for (int column = 0; column < Columns; column++)
                    target[column * Rows + row] = image[row * Columns + column];
        }
        return new ImageSet(Name, turned, Labels, Columns, Rows, ClassNames) { Remarks = Remarks };
    }

    private ImageSet With(byte[] pixels, byte[] labels) => new(Name, pixels, labels, Rows, Columns, ClassNames) { Remarks = Remarks };
}
