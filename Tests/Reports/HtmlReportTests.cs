using NativeNN.Experiments.Reports;

namespace NativeNN.Tests.Reports;

public sealed class HtmlReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AFigureThatWasRemovedLeavesALine()
    {
        var report = new LectureReport { Lecture = "l", Title = "t", Folder = folder.Path, Seed = 1, Device = "cpu" };
        report.Items.Add(new FigureItem("there", "It is there", ["there.png"]));
        report.Items.Add(new FigureItem("gone", "It was there", ["figures/gone.png"]));
        report.Claims.Add(new Claim("said", "measured", Verdict.TooShort));
        folder.Write("there.png", [1, 2, 3]);
        HtmlReport.Write(folder.File("no/such/folder/page.html"), "title", [report]);
        string page = File.ReadAllText(folder.File("no/such/folder/page.html"));
        Assert.Contains("data:image/png;base64,AQID", page);
        Assert.Contains("It was there: figures/gone.png was removed during the run", page);
        Assert.Contains("""<td class="too-short-to-tell">too short to tell</td>""", page);
    }
}
