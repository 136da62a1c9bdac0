namespace NativeNN.Experiments.Plotting;

/// <summary>What a colour bar shows: the part [from, to] of a map, for values from low to high.</summary>
internal sealed class ColorBarSettings
{
    private readonly Colormap map;
    private readonly double from, to;

    public ColorBarSettings(Colormap map, double low, double high, string label, double from, double to, AxisScale scale)
    {
        (this.map, this.from, this.to) = (map, from, to);
        Axis = new Axis("the colour bar") { Scale = scale, Label = label, Limits = low < high ? (low, high) : null, Continuous = true };
        Axis.Include(low);
        Axis.Include(high);
        Axis.Autoscale();
    }

    public Axis Axis { get; }

    public void Draw(Canvas canvas, Rect bar)
    {
        var picture = new Pixmap(1, 256);
        for (int i = 0; i < 256; i++)
            picture[0, 255 - i] = map.Sample(i, 256, from, to);
        canvas.Image(bar, picture);
    }
}
