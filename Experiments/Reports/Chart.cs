using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NativeNN.Experiments.Reports;

/// <summary>
/// A drawing that a reader of the page can play with: curves to switch on and off, values under the pointer, and a slider over FrameLabels,
/// if there are any (epochs, or values of σ). Id is its name on the page.
/// </summary>
public sealed record Chart(string Id, string Title, string Caption, string XLabel, string YLabel, IReadOnlyList<ChartLine> Lines)
{
    private const int Digits = 5;

    /// <summary>What the slider runs over.</summary>
    public string FrameName { get; init; } = "Epoch";

    public IReadOnlyList<string> FrameLabels { get; init; } = [];

    /// <summary>Whether the first frame stays visible behind the others.</summary>
    public bool FirstStaysBehind { get; init; }

    /// <summary>Whether each frame has axes of its own, not all frames the same.</summary>
    public bool Rescale { get; init; }

    public bool LogX { get; init; }

    public bool LogY { get; init; }

    /// <summary>The JSON that Page/page.js draws; numbers to five digits, one that is not finite as null.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) // its default encoder escapes <, so that the text can stand in a script element
        {
            json.WriteStartObject();
            json.WriteString("id", Id);
            json.WriteString("title", Title);
            json.WriteString("caption", Caption);
            json.WriteString("x", XLabel);
            json.WriteString("y", YLabel);
            json.WriteString("frame", FrameName);
            json.WriteStartArray("labels");
            foreach (string label in FrameLabels)
                json.WriteStringValue(label);
            json.WriteEndArray();
            json.WriteBoolean("behind", FirstStaysBehind);
            json.WriteBoolean("rescale", Rescale);
            json.WriteBoolean("logX", LogX);
            json.WriteBoolean("logY", LogY);
            json.WriteStartArray("lines");
            foreach (var line in Lines)
            {
                json.WriteStartObject();
                json.WriteString("name", line.Name);
                Write(json, "x", line.X);
                Write(json, "y", line.Y);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<IReadOnlyList<double>> frames)
    {
        json.WriteStartArray(name);
        foreach (var frame in frames)
        {
            json.WriteStartArray();
            foreach (double value in frame)
                if (double.IsFinite(value))
                    json.WriteRawValue(value.ToString($"G{Digits}", CultureInfo.InvariantCulture));
                else
                    json.WriteNullValue();
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }
}

/// <summary>One curve, frame by frame; where all frames share their x (or their y), that list has one entry.</summary>
public sealed record ChartLine(string Name, IReadOnlyList<IReadOnlyList<double>> X, IReadOnlyList<IReadOnlyList<double>> Y)
{
    /// <summary>A curve that stands still.</summary>
    public ChartLine(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
        : this(name, [x], [y])
    {
    }
}
