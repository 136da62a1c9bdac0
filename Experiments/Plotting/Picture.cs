namespace NativeNN.Experiments.Plotting;

/// <summary>A small picture, such as a digit, in a plot of its own.</summary>
public static class Picture
{
    /// <summary>
    /// Draws grey values row by row from the top, low as black and high as white, without ticks. shape: the plot's width over its height,
    /// so that pixels are square.
    /// </summary>
    public static Axes DrawPicture(this Axes axes, int rows, int columns, IReadOnlyList<double> values, double low, double high,
        double shape = 1)
    {
        var picture = new double[rows, columns];
        for (int i = 0; i < values.Count; i++)
            picture[rows - 1 - i / columns, i % columns] = values[i]; // an image's row 0 is its lowest
        double wide = Math.Max(columns, shape * rows), tall = Math.Max(rows, columns / shape);
        axes.XLimits = ((columns - 1 - wide) / 2, (columns - 1 + wide) / 2);
        axes.YLimits = ((rows - 1 - tall) / 2, (rows - 1 + tall) / 2);
        return axes.Image(picture, colormap: Colormap.Gray, vmin: low, vmax: high).XTicks([]).YTicks([]);
    }
}
