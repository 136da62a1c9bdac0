namespace NativeNN.Experiments.Plotting;

/// <summary>Finds the frames of all axes such that what surrounds them fits: nothing is clipped and neighbours do not overlap.</summary>
/// <remarks>
/// All frames are of one size. A column's left margin is the widest that one of its axes needs there, and so on. Which ticks are
/// shown depends on the frame's size and the margins on the ticks' labels, so the sizes are found by a few rounds; in the later
/// ones margins only grow, so that labels which fit in one way or another come to rest.
/// </remarks>
internal static class Layout
{
    private const int Rounds = 9, FreeRounds = 4;

    public static Arrangement[,] Solve(Axes[,] axes, Rect area, double gap, double pixelsPerPoint)
    {
        (int rows, int columns) = (axes.GetLength(0), axes.GetLength(1));
        double[] left = Filled(columns, 50), right = Filled(columns, 5), top = Filled(rows, 5), bottom = Filled(rows, 35);
        var arrangements = new Arrangement[rows, columns];
        for (int round = 0; round < Rounds; round++)
        {
            double width = Math.Max(20, (area.Width - (columns - 1) * gap - left.Sum() - right.Sum()) / columns);
            double height = Math.Max(20, (area.Height - (rows - 1) * gap - top.Sum() - bottom.Sum()) / rows);
            for (int row = 0; row < rows; row++)
                for (int column = 0; column < columns; column++)
                {
                    double x = area.Left + left.Take(column + 1).Sum() + right.Take(column).Sum() + column * (width + gap);
                    double y = area.Top + top.Take(row + 1).Sum() + bottom.Take(row).Sum() + row * (height + gap);
                    // Spines lie on the middle of pixels.
                    (double farX, double farY) = (Math.Round(x + width) - 0.5, Math.Round(y + height) - 0.5);
                    var frame = new Rect(Math.Round(x) + 0.5, Math.Round(y) + 0.5, farX, farY);
                    var cell = new Rect(x - left[column], y - top[row], x + width + right[column], y + height + bottom[row]);
                    arrangements[row, column] = axes[row, column].Arrange(frame, cell, pixelsPerPoint);
                }
            if (round + 1 == Rounds)
                break;
            bool growOnly = round >= FreeRounds;
            left = Margins(left, growOnly, c => Column(arrangements, c).Max(a => a.Plane.Frame.Left - a.Bounds.Left));
            right = Margins(right, growOnly, c => Column(arrangements, c).Max(a => a.Bounds.Right - a.Plane.Frame.Right));
            top = Margins(top, growOnly, r => Row(arrangements, r).Max(a => a.Plane.Frame.Top - a.Bounds.Top));
            bottom = Margins(bottom, growOnly, r => Row(arrangements, r).Max(a => a.Bounds.Bottom - a.Plane.Frame.Bottom));
        }
        return arrangements;
    }

    private static double[] Filled(int length, double value) => [.. Enumerable.Repeat(value, length)];

    private static double[] Margins(double[] before, bool growOnly, Func<int, double> needed)
        => [.. before.Select((margin, i) => Math.Max(growOnly ? margin : 0, needed(i) + 1))];

    private static IEnumerable<Arrangement> Column(Arrangement[,] all, int column)
        => Enumerable.Range(0, all.GetLength(0)).Select(row => all[row, column]);

    private static IEnumerable<Arrangement> Row(Arrangement[,] all, int row)
        => Enumerable.Range(0, all.GetLength(1)).Select(column => all[row, column]);
}
