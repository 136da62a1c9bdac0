namespace NativeNN.Experiments.Plotting;

/// <summary>Turns a line with a width into closed shapes: a rectangle per segment, a wedge per join.</summary>
/// <remarks>All pieces turn the same way round, so overlaps cannot cancel under the non-zero winding rule.</remarks>
internal static class Stroker
{
    private const double MiterLimit = 4;

    public static void Stroke(IReadOnlyList<Point> line, bool closed, Pen pen, Rasterizer target)
    {
        List<Point> points = WithoutRepeats(line);
        if (closed && points.Count > 2 && points[0] == points[^1])
            points.RemoveAt(points.Count - 1);
        if (points.Count < 2)
            return;
        if (pen.Dash is null)
            StrokeSolid(points, closed, pen, target);
        else
            foreach (List<Point> dash in Dashes(points, closed, pen.Dash))
                StrokeSolid(dash, closed: false, pen, target);
    }

    private static void StrokeSolid(List<Point> points, bool closed, Pen pen, Rasterizer target)
    {
        double half = pen.Width / 2;
        int segments = closed ? points.Count : points.Count - 1;
        Point Direction(int i)
        {
            Point d = points[(i + 1) % points.Count] - points[i];
            return d * (1 / d.Length);
        }
        for (int i = 0; i < segments; i++)
        {
            (Point a, Point b, Point u) = (points[i], points[(i + 1) % points.Count], Direction(i));
            if (!closed && pen.Cap == LineCap.Square)
                (a, b) = (i == 0 ? a - u * half : a, i == segments - 1 ? b + u * half : b);
            var side = new Point(-u.Y * half, u.X * half);
            target.Add([a + side, a - side, b - side, b + side]);
            if (closed || i + 1 < segments)
                AddJoin(points[(i + 1) % points.Count], u, Direction((i + 1) % points.Count), half, pen.Join, target);
        }
    }

    // The wedge between the outer corners of two segments with directions u and v that meet at p.
    private static void AddJoin(Point p, Point u, Point v, double half, LineJoin join, Rasterizer target)
    {
        double cross = u.X * v.Y - u.Y * v.X, dot = u.X * v.X + u.Y * v.Y;
        double angle = Math.Atan2(cross, dot);
        if (Math.Abs(angle) < 1e-4)
            return;
        double outer = angle > 0 ? -half : half;
        Point from = new(-u.Y * outer, u.X * outer), to = new(-v.Y * outer, v.X * outer);
        double miter = 1 / Math.Cos(angle / 2); // its length in half widths
        var wedge = new List<Point> { p, p + from };
        if (join == LineJoin.Miter && miter > 0 && miter <= MiterLimit)
        {
            Point middle = from + to;
            wedge.Add(p + middle * (half * miter / middle.Length));
        }
        else if (join == LineJoin.Round)
        {
            // Steps whose chords stay within 0.1 pixel of the arc.
            int steps = Math.Clamp((int)Math.Ceiling(Math.Abs(angle) / (2 * Math.Acos(1 - Math.Min(0.1 / half, 0.9)))), 1, 32);
            for (int i = 1; i < steps; i++)
            {
                (double sin, double cos) = Math.SinCos(angle * i / steps);
                wedge.Add(p + new Point(from.X * cos - from.Y * sin, from.X * sin + from.Y * cos));
            }
        }
        wedge.Add(p + to);
        if (angle < 0)
            wedge.Reverse();
        target.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(wedge));
    }

    private static IEnumerable<List<Point>> Dashes(List<Point> points, bool closed, double[] pattern)
    {
        int index = 0;
        double left = pattern[0];
        List<Point> dash = [points[0]];
        for (int i = 1; i < points.Count + (closed ? 1 : 0); i++)
        {
            (Point a, Point b) = (points[i - 1], points[i % points.Count]);
            double length = (b - a).Length, at = 0;
            while (length - at > left)
            {
                at += left;
                Point turn = Point.Lerp(a, b, at / length);
                if (index % 2 == 0)
                {
                    dash.Add(turn);
                    yield return dash;
                }
                index = (index + 1) % pattern.Length;
                left = pattern[index];
                dash = [turn];
            }
            left -= length - at;
            dash.Add(b);
        }
        if (index % 2 == 0 && dash.Count > 1)
            yield return dash;
    }

    private static List<Point> WithoutRepeats(IReadOnlyList<Point> line)
    {
        var points = new List<Point>(line.Count);
        foreach (Point p in line)
            if (points.Count == 0 || (p - points[^1]).Length > 1e-6)
                points.Add(p);
        return points;
    }
}
