using System.Collections.Concurrent;

namespace NativeNN.Experiments.Plotting;

/// <summary>Draws into pixels, anti-aliased, and saves them as PNG.</summary>
public sealed class PngCanvas : Canvas
{
    private readonly Rasterizer _rasterizer;
    private readonly Stack<(int Left, int Top, int Right, int Bottom)> _clips = [];
    private readonly double _dpi;

    public PngCanvas(int width, int height, double dpi = 100) : base(width, height)
    {
        _rasterizer = new Rasterizer(width, height);
        _dpi = dpi;
        Pixels = new Pixmap(width, height);
        Array.Fill(Pixels.Rgb, (byte)255);
        _clips.Push((0, 0, width, height));
    }

    public Pixmap Pixels { get; }

    public override void Fill(Outline outline, Color color)
    {
        foreach ((List<Point> points, _) in outline.Flatten())
            _rasterizer.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(points));
        Paint(color);
    }

    public override void Stroke(Outline outline, Pen pen)
    {
        foreach ((List<Point> points, bool closed) in outline.Flatten())
            Stroker.Stroke(points, closed, pen, _rasterizer);
        Paint(pen.Color);
    }

    public override void PushClip(Rect clip)
    {
        (int left, int top, int right, int bottom) = _clips.Peek();
        SetClip((Math.Max(left, (int)Math.Round(clip.Left)), Math.Max(top, (int)Math.Round(clip.Top)),
            Math.Min(right, (int)Math.Round(clip.Right)), Math.Min(bottom, (int)Math.Round(clip.Bottom))));
    }

    public override void PopClip()
    {
        _clips.Pop();
        SetClip(_clips.Pop());
    }

    public override void Image(Rect target, Pixmap image)
    {
        (int left, int top, int right, int bottom) = _clips.Peek();
        int x0 = Math.Max(left, (int)Math.Round(target.Left)), x1 = Math.Min(right, (int)Math.Round(target.Right));
        int y0 = Math.Max(top, (int)Math.Round(target.Top)), y1 = Math.Min(bottom, (int)Math.Round(target.Bottom));
        for (int y = y0; y < y1; y++)
        {
            // The cell under the centre of each pixel.
            int row = Math.Clamp((int)((y + 0.5 - target.Top) / target.Height * image.Height), 0, image.Height - 1);
            for (int x = x0; x < x1; x++)
            {
                int column = Math.Clamp((int)((x + 0.5 - target.Left) / target.Width * image.Width), 0, image.Width - 1);
                image.Rgb.AsSpan(3 * (row * image.Width + column), 3).CopyTo(Pixels.Rgb.AsSpan(3 * (y * Width + x)));
            }
        }
    }

    public override void Save(Stream stream) => PngWriter.Write(stream, Pixels, _dpi);

    protected override void TextLine(string line, Point start, double size, bool upward, Color color)
    {
        TrueTypeFont font = TrueTypeFont.Default;
        double scale = size / font.UnitsPerEm;
        GridFit fit = GridFit.For(font, size);
        // The baseline lies between two rows of pixels.
        start = upward ? start with { X = Math.Round(start.X) } : start with { Y = Math.Round(start.Y) };
        var outline = new Outline();
        foreach ((int glyph, double x) in font.Place(line))
            outline.Append(font.GlyphOutline(glyph), p =>
            {
                (double along, double up) = ((x + p.X) * scale, fit.Up(p.Y));
                return upward ? new Point(start.X - up, start.Y - along) : new Point(start.X + along, start.Y - up);
            });
        Fill(outline, color);
    }

    private void SetClip((int Left, int Top, int Right, int Bottom) clip)
    {
        _clips.Push(clip);
        _rasterizer.SetClip(clip.Left, clip.Top, clip.Right, clip.Bottom);
    }

    private void Paint(Color color)
    {
        byte[] rgb = Pixels.Rgb;
        float alpha = color.A / 255f;
        _rasterizer.Sweep((x, y, coverage) =>
        {
            int at = 3 * (y * Width + x);
            foreach (float share in coverage)
            {
                float a = share * alpha;
                if (a >= 0.999f)
                    (rgb[at], rgb[at + 1], rgb[at + 2]) = (color.R, color.G, color.B);
                else if (a > 0.001f)
                {
                    rgb[at] = (byte)(rgb[at] + (color.R - rgb[at]) * a + 0.5f);
                    rgb[at + 1] = (byte)(rgb[at + 1] + (color.G - rgb[at + 1]) * a + 0.5f);
                    rgb[at + 2] = (byte)(rgb[at + 2] + (color.B - rgb[at + 2]) * a + 0.5f);
                }
                at += 3;
            }
        });
    }

    /// <summary>Moves the heights of small letters and of capitals to whole pixels, so that their edges are sharp.</summary>
    private sealed class GridFit
    {
        private static readonly ConcurrentDictionary<double, GridFit> Cache = [];
        private readonly double _scale, _xHeight, _capHeight, _overshoot, _fittedX, _fittedCap;

        private GridFit(double unitsPerEm, double size)
        {
            // Of DejaVu Sans: 'x' is 0.547 em high, 'H' 0.729 em; round letters overshoot by 0.014 em.
            _scale = size / unitsPerEm;
            (_xHeight, _capHeight, _overshoot) = (0.547 * unitsPerEm, 0.729 * unitsPerEm, 0.016 * unitsPerEm);
            _fittedX = Math.Max(1, Math.Round(_xHeight * _scale));
            _fittedCap = Math.Max(_fittedX + 1, Math.Round(_capHeight * _scale));
        }

        public static GridFit For(TrueTypeFont font, double size) => Cache.GetOrAdd(size, s => new GridFit(font.UnitsPerEm, s));

        /// <summary>Pixels above the baseline for a height in font units.</summary>
        public double Up(double y)
        {
            if (y < 0)
                return y >= -_overshoot ? 0 : y * _scale;
            if (y <= _xHeight)
                return y / _xHeight * _fittedX;
            if (y <= _xHeight + _overshoot)
                return _fittedX;
            if (y <= _capHeight)
                return _fittedX + (y - _xHeight) / (_capHeight - _xHeight) * (_fittedCap - _fittedX);
            return y <= _capHeight + _overshoot ? _fittedCap : _fittedCap + (y - _capHeight) * _scale;
        }
    }
}
