using Microsoft.Playwright;

namespace NativeNN.Tests.Browser;

/// <summary>The Chromium that is installed (CHROMIUM names it), and pages in it that keep what they complain of.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] UsualPlaces = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task InitializeAsync()
    {
        string? path = Environment.GetEnvironmentVariable("CHROMIUM") ?? UsualPlaces.FirstOrDefault(File.Exists);
        if (path is null)
            return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>A window on that address. Skips the test where no Chromium is installed.</summary>
    public async Task<WatchedPage> Open(string address, int width = 1200, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        Skip.If(browser is null, "needs Chromium (Debian: chromium), or CHROMIUM with its path");
        var page = await browser.NewPageAsync(
            new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        var watched = new WatchedPage(page);
        await page.GotoAsync(address);
        return watched;
    }
}

/// <summary>A page, and all that went wrong on it: errors of its script, of the console, and requests that failed.</summary>
public sealed class WatchedPage
{
    public WatchedPage(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => Complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Complaints.Add(message.Text);
        };
        page.RequestFailed += (_, request) => Complaints.Add($"{request.Url}: {request.Failure}");
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];
}
