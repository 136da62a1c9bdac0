using System.Globalization;
using System.Net;
using System.Text;

namespace NativeNN.Experiments.Reports;

/// <summary>
/// One self-contained page (no network): each lecture's question, settings, verdicts, charts to play with, figures, printed text and
/// epochs. Its style and its script are Page/page.css and Page/page.js.
/// </summary>
public static class HtmlReport
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Writes the page to path.</summary>
    public static void Write(string path, string title, IReadOnlyList<LectureReport> reports)
    {
        var html = new StringBuilder();
        Begin(html, title);
        if (reports.Count > 1)
            html.Append("<nav aria-label=\"Lectures\"><ul>")
                .AppendJoin("", reports.Select(r => $"<li><a href=\"#{r.Lecture}\">{Text(r.Lecture)}</a></li>")).Append("</ul></nav>\n");
        html.Append("</header>\n<main>\n");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        for (int i = 0; i < reports.Count; i++)
            Append(html, reports[i], prefix: $"r{i}", folder, heading: reports.Count > 1);
        End(html);
        ResultFile.Write(path, Encoding.UTF8.GetBytes(html.ToString()));
    }

    /// <summary>The page that <see cref="LiveServer"/> serves: charts come while the lecture trains.</summary>
    internal static string Live(string lecture, string title)
    {
        var html = new StringBuilder();
        Begin(html, title);
        html.Append($"<p class=\"soft\">{Text(lecture)}, while it trains</p>\n</header>\n<p id=\"live\" role=\"status\">Waiting for the "
            + $"first "
            + "epoch…</p>\n<main id=\"charts\">\n");
        End(html);
        return html.ToString();
    }

    /// <summary>A page in the same dress, with a body, a style and a script of its own.</summary>
    internal static string Page(string title, string body, string style = "", string script = "")
    {
        var html = new StringBuilder();
        Begin(html, title, style);
        html.Append($"</header>\n<main>\n{body}</main>\n<script>\n{script}\n</script>\n</body>\n</html>\n");
        return html.ToString();
    }

    /// <summary>A page of lines, charts and figures, for what is no lecture.</summary>
    internal static string Page(string title, IEnumerable<string> lines, IEnumerable<Chart> charts, IEnumerable<FigureItem> figures)
    {
        var html = new StringBuilder();
        Begin(html, title);
        html.Append("</header>\n<main>\n").AppendJoin("", lines.Select(line => $"<p>{Text(line)}</p>\n"));
        foreach (var chart in charts)
            Append(html, chart, chart.Id);
        foreach (var (i, figure) in figures.Index())
            Append(html, figure, $"f{i}", folder: "");
        End(html);
        return html.ToString();
    }

    private static void Begin(StringBuilder html, string title, string style = "") =>
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n")
            .Append($"<title>{Text(title)}</title>\n<style>\n{PageFile.Text("page.css")}{style}</style>\n</head>\n<body>\n<header>\n")
            .Append($"<h1>{Text(title)}</h1>\n");

    private static void End(StringBuilder html) =>
        html.Append($"</main>\n<script>\n{PageFile.Text("page.js")}</script>\n</body>\n</html>\n");

    private static void Append(StringBuilder html, LectureReport report, string prefix, string folder, bool heading)
    {
        html.Append($"<section id=\"{report.Lecture}\">\n");
        if (heading)
            html.Append($"<h2>{Text(report.Title)}</h2>\n");
        html.Append($"<p><strong>{Text(report.Question)}</strong></p>\n");
        html.Append(Invariant, $"<p>{Text(report.Dataset.Name)}: {report.Dataset.Train:N0} training ")
            .Append(Invariant, $"and {report.Dataset.Test:N0} test images. {report.Seconds:F1} s.</p>\n");
        AppendHow(html, report);
        AppendVerdicts(html, report.Claims);
        var charts = report.ChartsToShow();
        if (charts.Count > 0)
            html.Append("<h2>To play with</h2>\n");
        foreach (var chart in charts)
            Append(html, chart, $"{prefix}-{chart.Id}");
        if (report.Items.Count > 0)
            html.Append("<h2>Step by step</h2>\n");
        int figures = 0;
        foreach (var item in report.Items)
            switch (item)
            {
                case Listing listing:
                    html.Append($"<h3>{Text(listing.Heading)}</h3>\n<pre tabindex=\"0\">{Text(listing.Text)}</pre>\n");
                    break;
                case ResultLine line:
                    html.Append($"<p>{Text(line.Text)}</p>\n");
                    break;
                case FigureItem figure:
                    Append(html, figure, $"{prefix}f{figures++}", Path.GetRelativePath(folder, report.Folder));
                    break;
            }
        AppendEpochs(html, report.Trainings);
        html.Append("</section>\n");
    }

    /// <summary>The command that makes the same again, what it ran on, and every setting of every training.</summary>
    private static void AppendHow(StringBuilder html, LectureReport report)
    {
        html.Append($"<p>The same again:</p>\n<pre tabindex=\"0\">{Text(report.Command)}</pre>\n<details>\n")
            .Append("<summary>Settings and machine</summary>\n<div class=\"scroll\" tabindex=\"0\"><table>\n");
        foreach (var (name, value) in Machine.Lines(report))
            AppendRow(name, Text(value));
        // All settings of the first training; of the others, those that differ from it.
        var records = report.Trainings.Where(t => t.Record is not null)
            .Select(t => (t.Key, Settings: Settings.Of(t.Record!.Value).Where(s => s.Name != "training").ToList())).ToList();
        foreach (var (key, settings) in records)
            AppendRow(key, string.Join("<br>", (key == records[0].Key ? settings : settings.Except(records[0].Settings))
                .Select(s => Text($"{s.Name}: {s.Value}"))));
        html.Append("</table></div>\n</details>\n");

        void AppendRow(string name, string value) => html.Append($"<tr><th scope=\"row\">{Text(name)}</th><td>{value}</td></tr>\n");
    }

    private static void AppendVerdicts(StringBuilder html, IReadOnlyList<Claim> claims)
    {
        if (claims.Count == 0)
            return;
        html.Append("<table class=\"verdicts\">\n<thead><tr><th scope=\"col\">The lecture said</th><th scope=\"col\">We measured</th>")
            .Append("<th scope=\"col\">Verdict</th></tr></thead>\n<tbody>\n");
        foreach (var claim in claims)
            html.Append($"<tr><td data-head=\"The lecture said\">{Text(claim.Said)}</td><td data-head=\"We "
                + $"measured\">{Text(claim.Measured)}")
                .Append($"</td><td data-head=\"Verdict\" class=\"{claim.VerdictText.Replace(' ', '-').Replace("'", "")}\">")
                .Append($"{Text(claim.VerdictText)}</td></tr>\n");
        html.Append("</tbody>\n</table>\n");
    }

    private static void Append(StringBuilder html, Chart chart, string id) =>
        html.Append($"<figure>\n<div class=\"chart\" id=\"{id}\"><h3>{Text(chart.Title)}</h3></div>\n")
            .Append($"<figcaption>{Text(chart.Caption)}</figcaption>\n")
            .Append($"<script type=\"application/json\" id=\"{id}-data\">{chart.ToJson()}</script>\n</figure>\n");

    private static void Append(StringBuilder html, FigureItem figure, string prefix, string folder)
    {
        html.Append("<figure>\n");
        if (figure.Svg is { } svg)
            html.Append($"<div class=\"picture\" tabindex=\"0\">{InlineSvg.Of(svg, prefix)}</div>\n");
        html.Append($"<figcaption>{Text(figure.Caption)}");
        if (figure.Files is [var file, ..])
            html.Append($" <a href=\"{Text(Path.Combine(folder, file).Replace('\\', '/'))}\">Full size</a>");
        html.Append("</figcaption>\n</figure>\n");
    }

    private static void AppendEpochs(StringBuilder html, IReadOnlyList<TrainingMetrics> trainings)
    {
        var trained = trainings.Where(t => t.Epochs.Count > 0).ToList();
        if (trained.Count > 0)
            html.Append("<h2>Epochs</h2>\n");
        foreach (var training in trained)
        {
            html.Append($"<details>\n<summary>{Text(training.Key)}</summary>\n<div class=\"scroll\" tabindex=\"0\"><table>\n<tr>");
            foreach (string head in (string[])["Epoch", "Train loss", "Train accuracy", "Test accuracy", "Seconds"])
                html.Append($"<th scope=\"col\">{head}</th>");
            html.Append("</tr>\n");
            foreach (var e in training.Epochs)
            {
                string test = double.IsNaN(e.TestAccuracy) ? "–" : e.TestAccuracy.ToString("0.00%", Invariant);
                html.Append(Invariant, $"<tr><td class=\"number\">{e.Epoch}</td><td class=\"number\">{e.TrainLoss:G5}</td>")
                    .Append(Invariant, $"<td class=\"number\">{e.TrainAccuracy:0.00%}</td><td class=\"number\">{test}</td>")
                    .Append(Invariant, $"<td class=\"number\">{e.Seconds:F2}</td></tr>\n");
            }
            html.Append("</table></div>\n</details>\n");
        }
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
