using System.Text;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;

namespace NativeNN.Experiments.Running;

/// <summary>A figure as the files and the page of a folder of results show it.</summary>
internal static class FigureFiles
{
    /// <summary>
    /// Writes folder/name.png and so on, for each format; name may begin with a folder. The page shows the figure's SVG, whatever the files
    /// are, and nothing where no format is asked for. Throws BadInputException if a file can't be written.
    /// </summary>
    public static FigureItem Save(this Figure figure, string folder, string name, string caption, IReadOnlyList<string> formats,
        double dpi = Figure.ScreenDpi)
    {
        figure.Description = caption;
        byte[]? svg = formats.Count > 0 ? figure.Encode("svg") : null;
        string[] files = [.. formats.Select(format => $"{name}.{format}")];
        foreach (var (format, file) in formats.Zip(files))
            ResultFile.Write(Path.Combine(folder, file), format == "svg" ? svg! : figure.Encode(format, dpi));
        return new FigureItem(Path.GetFileName(name), caption, files, svg is null ? null : Encoding.UTF8.GetString(svg));
    }
}
