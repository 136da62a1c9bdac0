using System.Text;

namespace NativeNN.Experiments.Running;

/// <summary>The last lines of a terminal, drawn over again and again.</summary>
/// <param name="writer">The terminal.</param>
internal sealed class LiveLines(TextWriter writer)
{
    private IReadOnlyList<string> drawn = [];

    /// <summary>Puts these lines in the place of those before. Width and height are the terminal's now.</summary>
    public void Draw(IEnumerable<string> lines, int width, int height)
    {
        var text = new StringBuilder();
        if (drawn.Count > 0)
        {
            // A terminal that has become narrower has broken the lines anew.
            int rows = drawn.Sum(line => 1 + Math.Max(0, line.Length - 1) / width);
            text.Append('\r').Append(rows > 1 ? $"\e[{rows - 1}A" : "").Append("\e[J"); // to the first of them; erases to the screen's end
        }
        // One column stays free: in the last one the cursor of some terminals is on the next row already.
        drawn = [.. lines.Take(height - 1).Select(line => line.Length < width ? line : line[..(width - 1)])];
        writer.Write(text.AppendJoin('\n', drawn));
    }

    /// <summary>Writes something above the lines.</summary>
    public void Above(Action write, int width, int height)
    {
        var lines = drawn;
        Draw([], width, height);
        write();
        Draw(lines, width, height);
    }

    /// <summary>Leaves the lines as they are; what comes next comes below.</summary>
    public void Keep()
    {
        if (drawn.Count > 0)
            writer.Write('\n');
        drawn = [];
    }
}
