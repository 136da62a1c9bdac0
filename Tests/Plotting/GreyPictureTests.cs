using NativeNN.Data;
using NativeNN.Experiments.Plotting;
using SkiaSharp;

namespace NativeNN.Tests.Plotting;

public sealed class GreyPictureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ColoursBecomeGreyAndTransparentIsWhite()
    {
        string path = Png(2, 2, (x, y) => (x, y) switch
        {
            (0, 0) => new SKColor(255, 0, 0),
            (1, 0) => new SKColor(0, 255, 0),
            (0, 1) => new SKColor(0, 0, 255),
            _ => new SKColor(10, 20, 30, 0),
        });
        var picture = GreyPicture.Read(path);
        Assert.Equal((2, 2), (picture.Rows, picture.Columns));
        Assert.Equal<byte>([76, 150, 29, 255], picture.Pixels);
    }

    [Fact]
    public void TheEdgeTellsTheBackground()
    {
        Assert.True(Framed(edge: 200, middle: 0).IsOnLight);
        Assert.False(Framed(edge: 40, middle: 255).IsOnLight);
        Assert.Equal<byte>([55, 255], [.. new byte[] { 0, 4 }.Select(i => Framed(edge: 200, middle: 0).Inverted().Pixels[i])]);

        static GreyPicture Framed(byte edge, byte middle) => new(3, 3, [edge, edge, edge, edge, middle, edge, edge, edge, edge]);
    }

    [Fact]
    public void APixelIsTheMeanOfWhatItCovers()
    {
        Assert.Equal<byte>([15, 35], new GreyPicture(1, 4, [10, 20, 30, 40]).FitInto(1, 2).Pixels);
        // Three into two: each takes one and a half.
        Assert.Equal<byte>([20, 100], new GreyPicture(1, 3, [0, 60, 120]).FitInto(1, 2).Pixels);
        Assert.Equal<byte>([7, 7, 9, 9, 7, 7, 9, 9], new GreyPicture(1, 2, [7, 9]).FitInto(2, 4).Pixels);
    }

    [Fact]
    public void AnotherShapeStandsInTheMiddleOnBlack() =>
        Assert.Equal<byte>([0, 9, 0, 0, 9, 0, 0, 9, 0], new GreyPicture(6, 2, [.. Enumerable.Repeat((byte)9, 12)]).FitInto(3, 3).Pixels);

    [Fact]
    public void WhatIsNoPictureIsNamed()
    {
        string whole = Png(40, 40, (x, y) => new SKColor((byte)(x * y), (byte)x, (byte)y));
        string cut = folder.Write("cut.png", File.ReadAllBytes(whole)[..^60]);
        string text = folder.Write("text.png", "hello"u8.ToArray()), empty = folder.Write("empty.png", []);
        foreach (string path in new[] { cut, text, empty, folder.File("none.png") })
            Assert.Contains(path, Assert.Throws<BadInputException>(() => GreyPicture.Read(path)).Message);
    }

    private string Png(int width, int height, Func<int, int, SKColor> at)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                bitmap.SetPixel(x, y, at(x, y));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return folder.Write("picture.png", data.ToArray());
    }
}
