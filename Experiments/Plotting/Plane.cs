namespace NativeNN.Experiments.Plotting;

/// <summary>Where data lie in pixels: the frame and the two axes that span it.</summary>
internal sealed record Plane(Rect Frame, Axis X, Axis Y, double PixelsPerPoint)
{
    /// <summary>Typographic points (1/72 inch) to pixels.</summary>
    public double Pt(double points) => points * PixelsPerPoint;

    public Point At(double x, double y) => new(AtX(x), AtY(y));

    public double AtX(double x) => Frame.Left + X.Fraction(x) * Frame.Width;

    public double AtY(double y) => Frame.Bottom - Y.Fraction(y) * Frame.Height;

    public bool CanShow(double x, double y) => X.CanShow(x) && Y.CanShow(y);

    /// <summary>The connected pieces of a line: it breaks at values that cannot be shown, and where it is far outside.</summary>
    public IEnumerable<List<Point>> Pieces(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        Rect near = Frame.Inflate(100);
        List<Point> piece = [];
        Point? previous = null;
        for (int i = 0; i < x.Count; i++)
        {
            Point? next = CanShow(x[i], y[i]) ? At(x[i], y[i]) : null;
            if (previous is Point a && next is Point b && Clip(a, b, near) is (Point from, Point to))
            {
                if (piece.Count == 0 || piece[^1] != from)
                {
                    if (piece.Count > 1)
                        yield return piece;
                    piece = [from];
                }
                piece.Add(to);
            }
            previous = next;
        }
        if (piece.Count > 1)
            yield return piece;
    }

    // Liang and Barsky (1984): the part of a + t(b − a), 0 ≤ t ≤ 1, inside the rectangle.
    private static (Point From, Point To)? Clip(Point a, Point b, Rect r)
    {
        (double enter, double leave) = (0, 1);
        Point d = b - a;
        foreach ((double speed, double distance) in (ReadOnlySpan<(double, double)>)
            [(-d.X, a.X - r.Left), (d.X, r.Right - a.X), (-d.Y, a.Y - r.Top), (d.Y, r.Bottom - a.Y)])
        {
            if (speed == 0 && distance < 0)
                return null;
            if (speed < 0)
                enter = Math.Max(enter, distance / speed);
            else if (speed > 0)
                leave = Math.Min(leave, distance / speed);
        }
        return enter > leave ? null : (enter == 0 ? a : Point.Lerp(a, b, enter), leave == 1 ? b : Point.Lerp(a, b, leave));
    }
}
