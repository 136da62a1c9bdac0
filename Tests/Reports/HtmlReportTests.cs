using NativeNN.Experiments.Reports;

namespace NativeNN.Tests.Reports;

public sealed class HtmlReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AFigureThatWasRemovedIsStillOnThePage()
    {
        var report = new LectureReport { Lecture = "l", Title = "t", Question = "q", Folder = folder.Path, Seed = 1, Device = "cpu" };
        report.Items.Add(new FigureItem("gone", "It was there", ["figures/gone.png"], """
            <?xml version="1.0"?>
            <svg width="20" height="10" viewBox="0 0 20 10"><defs><path id="g1" d="M0 0"/></defs><use xlink:href="#g1"/></svg>
            """));
        report.Claims.Add(new Claim("said", "measured", Verdict.TooShort));
        HtmlReport.Write(folder.File("no/such/folder/page.html"), "title", [report]);
        string page = File.ReadAllText(folder.File("no/such/folder/page.html"));
        Assert.Contains("<path id=\"r0f0g1\" d=\"M0 0\"/></defs><use xlink:href=\"#r0f0g1\"/>", page);
        Assert.Contains("too-short-to-tell\">too short to tell</td>", page);
    }
}
