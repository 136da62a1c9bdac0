using System.Text;

namespace NativeNN.Experiments.Reports;

/// <summary>The gallery's README.md: of each lecture one figure, and all it said beside what was measured.</summary>
internal static class GalleryPage
{
    public static string Markdown(IReadOnlyList<(string Document, LectureReport Report, FigureItem Cover, string Picture)> lectures)
    {
        var page = new StringBuilder("""
            # Gallery

            A figure from each lecture at its own length, and what the lecture said beside what was measured. The command `gallery`
            makes this page.


            """);
        foreach (var (document, report, cover, picture) in lectures)
        {
            page.Append($"## {document} `{report.Lecture}`: {report.Title}\n\n{report.Question}\n\n![{cover.Caption}]({picture})\n\n");
            page.Append($"{cover.Caption}. {report.Dataset.Name}: {report.Dataset.Train:N0} images to train, "
                + $"{report.Dataset.Test:N0} to test; seed {report.Seed}.\n\n");
            page.Append("| the lecture said | measured | verdict |\n|---|---|---|\n");
            foreach (var claim in report.Claims)
                page.Append($"| {Cell(claim.Said)} | {Cell(claim.Measured)} | {claim.VerdictText} |\n");
            page.Append('\n');
        }
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static string Cell(string text) => text.Replace("|", "\\|").Replace('\n', ' ');
}
