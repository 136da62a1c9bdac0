namespace NativeNN.Data;

/// <summary>Grey images and their labels as bytes: what the files hold, before any normalisation.</summary>
public sealed class ImageSet
{
    /// <summary>
    /// Puts images and labels together. pixels: grey values, [count, rows, columns]; labels: classes 0–9, [count]. Throws ArgumentException
    /// if their counts differ.
    /// </summary>
    public ImageSet(string name, byte[] pixels, byte[] labels, int rows, int columns)
    {
        if (pixels.LongLength != (long)labels.Length * rows * columns)
            throw new ArgumentException(
                $"ImageSet: got {pixels.Length} pixels and {labels.Length} labels, needs {rows}×{columns} pixels a label");
        (Name, Pixels, Labels, Rows, Columns) = (name, pixels, labels, rows, columns);
    }

    /// <summary>What the set is called in reports, with the origin where it matters (which rows of which file).</summary>
    public string Name { get; }

    /// <summary>Grey values, [count, rows, columns].</summary>
    public byte[] Pixels { get; }

    /// <summary>Classes, [count].</summary>
    public byte[] Labels { get; }

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
        : new ImageSet(Name, Pixels[..(count * PixelsPerImage)], Labels[..count], Rows, Columns);

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
        return new ImageSet(Name, pixels, labels, Rows, Columns);
    }
}
