namespace NativeNN.Experiments.Plotting;

/// <summary>A point in pixels; x to the right, y down.</summary>
public readonly record struct Point(double X, double Y)
{
    public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);
    public static Point operator -(Point a, Point b) => new(a.X - b.X, a.Y - b.Y);
    public static Point operator *(Point a, double s) => new(a.X * s, a.Y * s);

    public double Length => Math.Sqrt(X * X + Y * Y);

    public static Point Lerp(Point a, Point b, double t) => a + (b - a) * t;
}

/// <summary>An axis-aligned rectangle in pixels, y down.</summary>
public readonly record struct Rect(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;
    public double Height => Bottom - Top;
    public Point Center => new((Left + Right) / 2, (Top + Bottom) / 2);

    public Rect Inflate(double by) => new(Left - by, Top - by, Right + by, Bottom + by);

    public bool Contains(Point p) => p.X >= Left && p.X <= Right && p.Y >= Top && p.Y <= Bottom;

    public bool Intersects(Rect other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    public Rect Union(Rect other)
        => new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));

    public Rect Intersect(Rect other)
        => new(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));
}

/// <summary>A path of lines and Bézier curves, in pixels.</summary>
public sealed class Outline
{
    /// <summary>Points taken by each: Move 1, Line 1, Quadratic 2, Cubic 3, Close 0.</summary>
    public enum Verb : byte { Move, Line, Quadratic, Cubic, Close }

    private readonly List<Verb> _verbs = [];
    private readonly List<Point> _points = [];

    public IReadOnlyList<Verb> Verbs => _verbs;
    public IReadOnlyList<Point> Points => _points;

    public Outline MoveTo(Point p) => Add(Verb.Move, p);
    public Outline LineTo(Point p) => Add(Verb.Line, p);
    public Outline QuadraticTo(Point control, Point p) => Add(Verb.Quadratic, control, p);
    public Outline CubicTo(Point control1, Point control2, Point p) => Add(Verb.Cubic, control1, control2, p);
    public Outline Close() => Add(Verb.Close);

    public static Outline Polyline(IEnumerable<Point> points, bool closed = false)
    {
        var outline = new Outline();
        foreach (Point p in points)
            outline.Add(outline._verbs.Count == 0 ? Verb.Move : Verb.Line, p);
        return closed ? outline.Close() : outline;
    }

    public static Outline Rectangle(Rect r)
        => Polyline([new(r.Left, r.Top), new(r.Right, r.Top), new(r.Right, r.Bottom), new(r.Left, r.Bottom)], closed: true);

    public static Outline Circle(Point center, double radius) => RoundedRectangle(
        new(center.X - radius, center.Y - radius, center.X + radius, center.Y + radius), radius);

    /// <summary>With the largest radius it is a circle. Each corner is a quarter circle, as one cubic curve (error below 0.03%).</summary>
    public static Outline RoundedRectangle(Rect r, double radius)
    {
        double c = radius * 0.5522847498;
        var outline = new Outline();
        bool straight = Math.Max(r.Width, r.Height) > 2.001 * radius;
        outline.MoveTo(new(r.Left + radius, r.Top));
        if (straight)
            outline.LineTo(new(r.Right - radius, r.Top));
        outline.CubicTo(new(r.Right - radius + c, r.Top), new(r.Right, r.Top + radius - c), new(r.Right, r.Top + radius));
        if (straight)
            outline.LineTo(new(r.Right, r.Bottom - radius));
        outline.CubicTo(new(r.Right, r.Bottom - radius + c), new(r.Right - radius + c, r.Bottom), new(r.Right - radius, r.Bottom));
        if (straight)
            outline.LineTo(new(r.Left + radius, r.Bottom));
        outline.CubicTo(new(r.Left + radius - c, r.Bottom), new(r.Left, r.Bottom - radius + c), new(r.Left, r.Bottom - radius));
        if (straight)
            outline.LineTo(new(r.Left, r.Top + radius));
        outline.CubicTo(new(r.Left, r.Top + radius - c), new(r.Left + radius - c, r.Top), new(r.Left + radius, r.Top));
        return outline.Close();
    }

    /// <summary>Appends another outline, each point mapped.</summary>
    public void Append(Outline other, Func<Point, Point> map)
    {
        _verbs.AddRange(other._verbs);
        foreach (Point p in other._points)
            _points.Add(map(p));
    }

    /// <summary>The contours as straight lines that stay within about 0.1 pixel of the curves.</summary>
    public List<(List<Point> Points, bool Closed)> Flatten()
    {
        var contours = new List<(List<Point> Points, bool Closed)>();
        List<Point> current = [];
        int at = 0;
        foreach (Verb verb in _verbs)
            switch (verb)
            {
                case Verb.Move:
                    if (current.Count > 0)
                        contours.Add((current, Closed: false));
                    current = [_points[at++]];
                    break;
                case Verb.Line:
                    current.Add(_points[at++]);
                    break;
                case Verb.Quadratic:
                    {
                        (Point p0, Point p1, Point p2) = (current[^1], _points[at++], _points[at++]);
                        // The chord of one of n pieces is off by |p0 − 2p1 + p2| / (4n²).
                        int n = Pieces((p0 - p1 * 2 + p2).Length / 4);
                        for (int i = 1; i <= n; i++)
                            current.Add(Quadratic(p0, p1, p2, (double)i / n));
                        break;
                    }
                case Verb.Cubic:
                    {
                        (Point p0, Point p1, Point p2, Point p3) = (current[^1], _points[at++], _points[at++], _points[at++]);
                        int n = Pieces(Math.Max((p0 - p1 * 2 + p2).Length, (p1 - p2 * 2 + p3).Length) * 0.75);
                        for (int i = 1; i <= n; i++)
                        {
                            double t = (double)i / n;
                            current.Add(Point.Lerp(Quadratic(p0, p1, p2, t), Quadratic(p1, p2, p3, t), t));
                        }
                        break;
                    }
                case Verb.Close:
                    contours.Add((current, Closed: true));
                    current = [];
                    break;
            }
        if (current.Count > 0)
            contours.Add((current, Closed: false));
        return contours;
    }

    private static int Pieces(double error) => Math.Clamp((int)Math.Ceiling(Math.Sqrt(error / 0.1)), 1, 64);

    private static Point Quadratic(Point p0, Point p1, Point p2, double t) => Point.Lerp(Point.Lerp(p0, p1, t), Point.Lerp(p1, p2, t), t);

    private Outline Add(Verb verb, params ReadOnlySpan<Point> points)
    {
        _verbs.Add(verb);
        _points.AddRange(points);
        return this;
    }
}
