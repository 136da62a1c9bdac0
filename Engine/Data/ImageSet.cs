namespace NativeNN.Data;

/// <summary>Grey images and their labels as bytes: what the files hold, before any normalisation.</summary>
public sealed class ImageSet
{
    /// <summary>Puts images and labels together.</summary>
    /// <param name="name">A name for reports, with the origin where it matters (which rows of which file).</param>
    /// <param name="pixels">Grey values, image after image, each row by row: [count, rows, columns].</param>
    /// <param name="labels">Classes 0–9, one per image.</param>
    /// <param name="rows">Height of an image.</param>
    /// <param name="columns">Width of an image.</param>
    public ImageSet(string name, byte[] pixels, byte[] labels, int rows, int columns)
    {
        if (pixels.LongLength != (long)labels.Length * rows * columns)
            throw new ArgumentException($"ImageSet: {pixels.Length} pixels are not {labels.Length} images of {rows}×{columns}.");
        (Name, Pixels, Labels, Rows, Columns) = (name, pixels, labels, rows, columns);
    }

    /// <summary>What the set is called in reports.</summary>
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
    public ImageSet Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return count >= Count
            ? this
            : new ImageSet(Name, Pixels[..(count * PixelsPerImage)], Labels[..count], Rows, Columns);
    }

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
