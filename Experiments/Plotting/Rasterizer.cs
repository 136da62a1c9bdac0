namespace NativeNN.Experiments.Plotting;

/// <summary>Turns closed shapes into the exact share of each pixel that they cover (non-zero winding).</summary>
/// <remarks>
/// Each edge adds, per row, the change of signed area from one pixel to the next; a running sum over the row is then the winding
/// number averaged over the pixel, and min(|sum|, 1) its coverage. The method is that of FreeType's and font-rs's rasterisers.
/// </remarks>
internal sealed class Rasterizer
{
    private readonly int _width, _height, _stride;
    private readonly float[] _changes;
    private readonly int[] _first, _last;
    private int _left, _top, _right, _bottom;
    private int _topUsed = int.MaxValue, _bottomUsed = -1;

    public Rasterizer(int width, int height)
    {
        (_width, _height) = (width, height);
        _stride = width + 2; // two spare columns take the changes at and beyond the right edge
        _changes = new float[_stride * height];
        (_first, _last) = (new int[height], new int[height]);
        Array.Fill(_first, int.MaxValue);
        Array.Fill(_last, -1);
        SetClip(0, 0, width, height);
    }

    /// <summary>Takes the coverage of pixels x, x+1, … in row y.</summary>
    public delegate void Row(int x, int y, ReadOnlySpan<float> coverage);

    /// <summary>Nothing outside these pixels is drawn.</summary>
    public void SetClip(int left, int top, int right, int bottom)
        => (_left, _top, _right, _bottom) = (Math.Max(left, 0), Math.Max(top, 0), Math.Min(right, _width), Math.Min(bottom, _height));

    /// <summary>Adds a closed contour.</summary>
    public void Add(ReadOnlySpan<Point> contour)
    {
        for (int i = 0; i < contour.Length; i++)
            AddEdge(contour[i], contour[i + 1 == contour.Length ? 0 : i + 1]);
    }

    /// <summary>Hands over the coverage of all that was added, row by row, and forgets it.</summary>
    public void Sweep(Row draw)
    {
        for (int y = _topUsed; y <= _bottomUsed; y++)
        {
            if (_last[y] < 0)
                continue;
            Span<float> row = _changes.AsSpan(y * _stride, _stride);
            int first = _first[y], last = Math.Min(_last[y], _right - 1);
            float sum = 0;
            for (int x = first; x <= last; x++)
            {
                sum += row[x];
                row[x] = MathF.Min(MathF.Abs(sum), 1);
            }
            // A shape that goes on beyond the clip has its right edge left out: it fills the rest of the row.
            if (MathF.Abs(sum) > 1e-3f && last + 1 < _right)
            {
                row[(last + 1).._right].Fill(MathF.Min(MathF.Abs(sum), 1));
                last = _right - 1;
            }
            if (last >= first)
                draw(first, y, row[first..(last + 1)]);
            row[first..].Clear();
            (_first[y], _last[y]) = (int.MaxValue, -1);
        }
        (_topUsed, _bottomUsed) = (int.MaxValue, -1);
    }

    private void AddEdge(Point a, Point b)
    {
        if (a.Y == b.Y)
            return;
        float sign = 1;
        if (a.Y > b.Y)
            (a, b, sign) = (b, a, -1);
        if (b.Y <= _top || a.Y >= _bottom)
            return;
        double slope = (b.X - a.X) / (b.Y - a.Y);
        if (a.Y < _top)
            a = new Point(a.X + slope * (_top - a.Y), _top);
        if (b.Y > _bottom)
            b = new Point(a.X + slope * (_bottom - a.Y), _bottom);

        // Left of the clip an edge counts as if it ran along it; right of the clip it has no effect.
        if (a.X >= _right && b.X >= _right)
            return;
        if (a.X <= _left && b.X <= _left)
        {
            AddClipped(new Point(_left, a.Y), new Point(_left, b.Y), 0, sign);
            return;
        }
        foreach (double border in (ReadOnlySpan<double>)[_left, _right])
            if ((a.X < border && b.X > border) || (a.X > border && b.X < border))
            {
                var cut = new Point(border, Math.Clamp(a.Y + (border - a.X) / slope, a.Y, b.Y));
                (Point from, Point to) = sign > 0 ? (a, b) : (b, a);
                AddEdge(from, cut);
                AddEdge(cut, to);
                return;
            }
        AddClipped(a, b, slope, sign);
    }

    private void AddClipped(Point a, Point b, double slope, float sign)
    {
        int firstRow = (int)a.Y, lastRow = Math.Min((int)Math.Ceiling(b.Y), _bottom) - 1;
        _topUsed = Math.Min(_topUsed, firstRow);
        _bottomUsed = Math.Max(_bottomUsed, lastRow);
        double x = a.X;
        for (int y = firstRow; y <= lastRow; y++)
        {
            double dy = Math.Min(y + 1, b.Y) - Math.Max(y, a.Y);
            double next = Math.Clamp(x + slope * dy, _left, _right);
            AddInRow(y, Math.Min(x, next), Math.Max(x, next), sign * dy);
            x = next;
        }
    }

    // An edge piece inside one row, from x0 to x1 ≥ x0, that covers the signed height d of the row.
    private void AddInRow(int y, double x0, double x1, double d)
    {
        int first = (int)x0, end = (int)Math.Ceiling(x1);
        Span<float> row = _changes.AsSpan(y * _stride, _stride);
        if (end <= first + 1)
        {
            // One pixel: the area right of the edge is that of a trapezium.
            double left = (x0 + x1) / 2 - first;
            row[first] += (float)(d * (1 - left));
            row[first + 1] += (float)(d * left);
            end = first + 1;
        }
        else
        {
            // Many pixels: a triangle in the first and the last, in between the height grows evenly.
            double perPixel = 1 / (x1 - x0);
            double intoFirst = 1 - (x0 - first), intoLast = x1 - (end - 1);
            double areaFirst = 0.5 * perPixel * intoFirst * intoFirst;
            double areaLast = 0.5 * perPixel * intoLast * intoLast;
            row[first] += (float)(d * areaFirst);
            if (end == first + 2)
                row[first + 1] += (float)(d * (1 - areaFirst - areaLast));
            else
            {
                double second = perPixel * (intoFirst + 0.5);
                row[first + 1] += (float)(d * (second - areaFirst));
                for (int x = first + 2; x < end - 1; x++)
                    row[x] += (float)(d * perPixel);
                row[end - 1] += (float)(d * (1 - (second + (end - first - 3) * perPixel) - areaLast));
            }
            row[end] += (float)(d * areaLast);
        }
        _first[y] = Math.Min(_first[y], first);
        _last[y] = Math.Max(_last[y], end);
    }
}
