using System.Globalization;
using System.Net;
using System.Text;


namespace NativeNN.Experiments.Reports;

/// <summary>One self-contained page (no network, no script): each lecture's figures, printed text, results and verdicts.</summary>
public static class HtmlReport
{
    private const string Style = """
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
        h1, h2, h3 { line-height: 1.2; } h2 { border-bottom: 2px solid #ddd; padding-bottom: .3rem; margin-top: 3rem; }
        pre { background: #f6f6f6; padding: .8rem; overflow-x: auto; font-size: 13px; line-height: 1.35; }
        figure { margin: 1.5rem 0; } figure img { max-width: 100%; height: auto; border: 1px solid #eee; }
        figcaption { color: #555; font-size: 14px; } table { border-collapse: collapse; margin: 1rem 0; }
        td, th { border: 1px solid #ddd; padding: .4rem .7rem; text-align: left; vertical-align: top; } th { background: #f6f6f6; }
        .holds { color: #1a7f37; font-weight: 600; } .partly { color: #9a6700; font-weight: 600; }
        .does-not-hold { color: #cf222e; font-weight: 600; } .too-short-to-tell { color: #57606a; font-weight: 600; }
        details { margin: 1rem 0; } summary { cursor: pointer; }
        nav a { margin-right: 1rem; }
        """;

    /// <summary>Writes the page to path.</summary>
    public static void Write(string path, string title, IReadOnlyList<LectureReport> reports)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            + "content=\"width=device-width\">\n");
        html.Append($"<title>{Text(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>{Text(title)}</h1>\n");
        if (reports.Count > 1)
            html.Append("<nav>").AppendJoin(" ", reports.Select(r => $"<a href=\"#{r.Lecture}\">{Text(r.Lecture)}</a>")).Append("</nav>\n");
        foreach (var report in reports)
            Append(html, report);
        html.Append("</body>\n</html>\n");
        ResultFile.Write(path, Encoding.UTF8.GetBytes(html.ToString()));
    }

    private static void Append(StringBuilder html, LectureReport report)
    {
        var invariant = CultureInfo.InvariantCulture;
        html.Append($"<section id=\"{report.Lecture}\">\n<h2>{Text(report.Title)}</h2>\n");
        html.Append(invariant, $"<p>{Text(report.Dataset.Name)}: {report.Dataset.Train:N0} training "
            + $"and {report.Dataset.Test:N0} test images. ");
        html.Append(invariant, $"Seed {report.Seed}, device {Text(report.Device)}, {report.Seconds:F1} s.</p>\n");
        if (report.Claims.Count > 0)
        {
            html.Append("<table><tr><th>The lecture said</th><th>We measured</th><th>Verdict</th></tr>\n");
            foreach (var claim in report.Claims)
                html.Append($"<tr><td>{Text(claim.Said)}</td><td>{Text(claim.Measured)}</td>")
                    .Append($"<td class=\"{claim.VerdictText.Replace(' ', '-')}\">{claim.VerdictText}</td></tr>\n");
            html.Append("</table>\n");
        }
        AppendRecords(html, report.Trainings);
        foreach (var item in report.Items)
            switch (item)
            {
                case Listing listing:
                    html.Append($"<h3>{Text(listing.Heading)}</h3>\n<pre>{Text(listing.Text)}</pre>\n");
                    break;
                case ResultLine line:
                    html.Append($"<p>{Text(line.Text)}</p>\n");
                    break;
                case FigureItem figure when figure.Files.FirstOrDefault(name => Path.GetExtension(name) != ".pdf") is { } picture:
                    if (DataUri(Path.Combine(report.Folder, picture)) is { } uri)
                        html.Append($"<figure><img alt=\"{Text(figure.Caption)}\" src=\"{uri}\">")
                            .Append($"<figcaption>{Text(figure.Caption)}</figcaption></figure>\n");
                    else
                        html.Append($"<p>{Text(figure.Caption)}: {Text(picture)} was removed during the run</p>\n");
                    break;
                case FigureItem { Files: [var file, ..] } figure:
                    html.Append($"<p>{Text(figure.Caption)}: {Text(Path.Combine(report.Folder, file))}</p>\n");
                    break;
            }
        html.Append("</section>\n");
    }

    // All settings of the first training; of the others, those that differ from it.
    private static void AppendRecords(StringBuilder html, IReadOnlyList<TrainingMetrics> trainings)
    {
        var records = trainings.Where(t => t.Record is not null)
            .Select(t => (t.Key, Settings: Settings.Of(t.Record!.Value).ToList())).ToList();
        if (records.Count == 0)
            return;
        html.Append("<details><summary>What the trainings were made from</summary>\n<table>\n");
        foreach (var (key, settings) in records)
        {
            var shown = key == records[0].Key ? settings : settings.Except(records[0].Settings);
            html.Append($"<tr><td>{Text(key)}</td><td>")
                .AppendJoin("<br>", shown.Where(s => s.Name != "training").Select(s => Text($"{s.Name}: {s.Value}")))
                .Append("</td></tr>\n");
        }
        html.Append("</table></details>\n");
    }

    // Null if the file is no longer there.
    private static string? DataUri(string file)
    {
        string type = file.EndsWith(".svg", StringComparison.Ordinal) ? "svg+xml" : "png";
        try
        {
            return $"data:image/{type};base64,{Convert.ToBase64String(File.ReadAllBytes(file))}";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
