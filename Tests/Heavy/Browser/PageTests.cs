using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace NativeNN.Tests.Browser;

/// <summary>Every page of a tour, opened from disk as a reader does.</summary>
public sealed class PageTests(Chromium chromium, Reports reports) : IClassFixture<Chromium>, IClassFixture<Reports>
{
    private const int Megabyte = 1 << 20;

    public static TheoryData<string> Names => [.. Reports.All];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task Opens_without_a_complaint_and_draws_every_chart(string name)
    {
        var watched = await chromium.Open(reports.Address(name));
        int charts = await watched.Page.Locator(".chart").CountAsync();
        Assert.True(charts >= 2, $"{charts} charts");
        Assert.Equal(charts, await watched.Page.Locator(".chart:has(path.curve)").CountAsync());
        Assert.Empty(watched.Complaints);
        Assert.InRange(new FileInfo(reports.File(name)).Length, 1, 5 * Megabyte);
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task Needs_nothing_from_elsewhere(string name)
    {
        var watched = await chromium.Open("about:blank");
        var asked = new List<string>();
        watched.Page.Request += (_, request) => asked.Add(request.Url);
        await watched.Page.GotoAsync(reports.Address(name));
        Assert.Equal([reports.Address(name)], asked.Where(url => !url.StartsWith("data:", StringComparison.Ordinal)));
    }

    [SkippableTheory]
    [InlineData(400)]
    [InlineData(800)]
    [InlineData(1300)]
    [InlineData(1600)]
    public async Task Fits_its_width(int width)
    {
        foreach (string name in Reports.All)
        {
            var page = (await chromium.Open(reports.Address(name), width)).Page;
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{name} scrolls at {width}");
            // Letters in the figures are 14 pixels high at a figure's own size: 0.7 of it can be read. The widest has 1,800 pixels.
            double least = await page.EvaluateAsync<double>("""
                Math.min(...[...document.querySelectorAll('.picture svg')].map(s =>
                    s.getBoundingClientRect().width / s.viewBox.baseVal.width))
                """);
            Assert.InRange(least, width == 1600 ? 0.85 : 0.69, 1.001);
            // A verdict's text is not cut off.
            Assert.True(await page.EvaluateAsync<bool>($"""
                [...document.querySelectorAll('.verdicts td')].every(c => c.getBoundingClientRect().right <= {width}
                    && c.scrollWidth <= c.clientWidth + 1)
                """), $"{name} cuts a verdict off at {width}");
            // Nor is a word of it broken: its cell is as wide as the longest.
            Assert.True(await page.EvaluateAsync<bool>("""
                [...document.querySelectorAll('.verdicts td:last-child')].every(c => c.clientWidth >= 60)
                """), $"{name} breaks the word of a verdict at {width}");
            await page.CloseAsync();
        }
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_serious(ColorScheme scheme)
    {
        foreach (string name in (string[])["index", "weight-histograms", "compare-runs"]) // the first holds what all lectures do
        {
            var page = (await chromium.Open(reports.Address(name), scheme: scheme)).Page;
            var serious = (await page.RunAxe()).Violations.Where(v => v.Impact is "serious" or "critical");
            Assert.Empty(serious.Select(v => $"{name}: {v.Id}, {v.Help}: {v.Nodes[0].Html}"));
            await page.CloseAsync();
        }
    }

    [SkippableFact]
    public async Task Slider_and_play_button_go_through_the_epochs()
    {
        var page = (await chromium.Open(reports.Address("weight-histograms"))).Page;
        var chart = page.Locator("#r0-histograms");
        string last = await Curve(chart);
        Assert.Equal("After epoch 2", await chart.Locator("output").InnerTextAsync());
        Assert.Equal(4, await chart.Locator("path.behind").CountAsync()); // all weights and three layers, as they were

        await chart.Locator("input[type=range]").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        Assert.Equal("After epoch 0", await chart.Locator("output").InnerTextAsync());
        string first = await Curve(chart);
        Assert.NotEqual(last, first);
        Assert.Equal(0, await chart.Locator("path.behind").CountAsync());

        await chart.GetByRole(AriaRole.Button, new() { Name = "Play" }).ClickAsync();
        await Assertions.Expect(chart.Locator("output")).ToHaveTextAsync("After epoch 2");
        Assert.Equal(last, await Curve(chart));
    }

    [SkippableFact]
    public async Task Each_lecture_that_tests_shows_its_wrong_answers()
    {
        var page = (await chromium.Open(reports.Address("index"))).Page;
        Assert.Equal(4, await page.Locator("figcaption", new() { HasText = "which classes it takes for which" }).CountAsync());
        Assert.Equal(4, await page.Locator("figcaption", new() { HasText = "of the worst-judged test images" }).CountAsync());
    }

    [SkippableFact]
    public async Task Two_runs_lie_over_each_other()
    {
        var page = (await chromium.Open(reports.Address("compare-runs"))).Page;
        Assert.Equal(2, await page.Locator("#test path.curve").CountAsync());
        Assert.Equal(2, await page.Locator(".picture svg").CountAsync());
        await Assertions.Expect(page.GetByText("recipe.optimizer.learningRate: 0.005 and 0.1")).ToBeVisibleAsync();
    }

    [SkippableFact]
    public async Task Sigma_has_a_slider_of_its_own()
    {
        var page = (await chromium.Open(reports.Address("init-variance"))).Page;
        var chart = page.Locator("#r0-learned-by-sigma");
        await chart.Locator("input[type=range]").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        Assert.Equal("σ = 0.0001", await chart.Locator("output").InnerTextAsync());
        string narrow = await Curve(chart);
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.NotEqual(narrow, await Curve(chart));
    }

    [SkippableFact]
    public async Task A_legend_button_hides_its_curve_and_shows_it_again()
    {
        var page = (await chromium.Open(reports.Address("weight-changes"))).Page;
        var chart = page.Locator("#r0-distances");
        Assert.Equal(4, await chart.Locator("path.curve").CountAsync());
        var button = chart.GetByRole(AriaRole.Button, new() { Name = "fc1" });
        await button.ClickAsync();
        Assert.Equal("false", await button.GetAttributeAsync("aria-pressed"));
        Assert.Equal(3, await chart.Locator("path.curve").CountAsync());
        await button.PressAsync("Enter");
        Assert.Equal(4, await chart.Locator("path.curve").CountAsync());
    }

    [SkippableFact]
    public async Task Values_are_read_by_pointer_and_by_keyboard()
    {
        var page = (await chromium.Open(reports.Address("weight-changes"))).Page;
        var chart = page.Locator("#r0-loss");
        await chart.Locator("svg").HoverAsync();
        await Assertions.Expect(chart.Locator(".values")).ToContainTextAsync("sgd");
        await chart.Locator("svg").FocusAsync();
        await page.Keyboard.PressAsync("PageDown");
        string first = await chart.Locator(".values").InnerTextAsync();
        Assert.StartsWith("Epoch 1: sgd ", first);
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.StartsWith("Epoch 2: sgd ", await chart.Locator(".values").InnerTextAsync());
    }

    [SkippableFact]
    public async Task Prints_without_its_buttons()
    {
        var page = (await chromium.Open(reports.Address("weight-histograms"))).Page;
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.False(await page.Locator("#r0-histograms .time button").IsVisibleAsync());
        Assert.True(await page.Locator("#r0-histograms path.curve").First.IsVisibleAsync());
    }

    private static async Task<string> Curve(ILocator chart) =>
        (await chart.Locator("path.curve:not(.behind)").First.GetAttributeAsync("d"))!;
}
