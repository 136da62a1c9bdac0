namespace NativeNN.Experiments.Plotting;

/// <summary>Maps a fraction in [0, 1] to one of 256 colours, with matplotlib's tables.</summary>
public sealed class Colormap
{
    private readonly Color[] colors;

    private Colormap(string name, Color[] colors)
    {
        Name = name;
        this.colors = colors;
    }

    public static Colormap Viridis { get; } = new("viridis", FromHex(ColormapTables.Viridis));
    public static Colormap Plasma { get; } = new("plasma", FromHex(ColormapTables.Plasma));
    public static Colormap Coolwarm { get; } = new("coolwarm", FromEvenNodes(ColormapTables.Coolwarm));

    /// <summary>Black to white.</summary>
    public static Colormap Gray { get; } = new("gray", FromRamps([(0, 0), (1, 1)], [(0, 0), (1, 1)], [(0, 0), (1, 1)]));

    /// <summary>Black, red, yellow, white: red rises first, then green, then blue.</summary>
    public static Colormap Hot { get; } = new("hot", FromRamps(
        red: [(0, 0.0416), (0.365079, 1), (1, 1)],
        green: [(0, 0), (0.365079, 0), (0.746032, 1), (1, 1)],
        blue: [(0, 0), (0.746032, 0), (1, 1)]));

    public string Name { get; }

    /// <summary>What NaN looks like: a grey that is in none of the maps.</summary>
    public static Color NotANumber { get; } = new(176, 176, 176);

    /// <summary>The colour at <paramref name="fraction"/>; outside [0, 1] the end colours, NaN gives <see cref="NotANumber"/>.</summary>
    public Color At(double fraction)
        => double.IsNaN(fraction) ? NotANumber : colors[(int)Math.Clamp(fraction * 256, 0, 255)];

    /// <summary>Colour <paramref name="i"/> of <paramref name="n"/> spread evenly from <paramref name="from"/> to <paramref name="to"/>,
    /// both included (numpy's linspace).</summary>
    public Color Sample(int i, int n, double from = 0, double to = 1)
    {
        if (n < 1 || i < 0 || i >= n)
            throw new ArgumentOutOfRangeException(nameof(i), $"Colormap.Sample: i = {i} is not in 0…{n - 1}.");
        return At(n == 1 ? from : from + (to - from) * i / (n - 1));
    }

    private static Color[] FromHex(string table)
    {
        byte[] bytes = Convert.FromHexString(table);
        return [.. Enumerable.Range(0, 256).Select(i => new Color(bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]))];
    }

    private static Color[] FromEvenNodes(double[,] nodes)
    {
        int last = nodes.GetLength(0) - 1;
        double Channel(int entry, int channel)
        {
            double position = entry / 255.0 * last;
            int node = Math.Min((int)position, last - 1);
            return double.Lerp(nodes[node, channel], nodes[node + 1, channel], position - node);
        }
        return [.. Enumerable.Range(0, 256).Select(i => FromUnit(Channel(i, 0), Channel(i, 1), Channel(i, 2)))];
    }

    private static Color[] FromRamps((double At, double Value)[] red, (double At, double Value)[] green, (double At, double Value)[] blue)
    {
        static double Ramp((double At, double Value)[] nodes, double at)
        {
            int right = Math.Max(1, Array.FindIndex(nodes, node => node.At >= at));
            ((double x0, double y0), (double x1, double y1)) = (nodes[right - 1], nodes[right]);
            return double.Lerp(y0, y1, (at - x0) / (x1 - x0));
        }
        return [.. Enumerable.Range(0, 256).Select(i => i / 255.0).Select(at => FromUnit(Ramp(red, at), Ramp(green, at), Ramp(blue, at)))];
    }

    private static Color FromUnit(double r, double g, double b)
        => new((byte)Math.Round(r * 255), (byte)Math.Round(g * 255), (byte)Math.Round(b * 255));
}
