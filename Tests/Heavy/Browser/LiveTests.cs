using System.Diagnostics;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using NativeNN.Experiments.Cli;

namespace NativeNN.Tests.Browser;

/// <summary>The page of --live, while a lecture trains in a program of its own.</summary>
public sealed class LiveTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(2);

    [SkippableFact]
    public async Task Follows_a_training_to_its_end()
    {
        using var training = Training.Start(epochs: 12);
        var watched = await chromium.Open(await training.Address());
        var (page, chart) = (watched.Page, watched.Page.Locator("#histograms"));
        await Assertions.Expect(chart.Locator("output")).ToContainTextAsync("After epoch", new() { Timeout = 60_000 });
        int seen = await Epoch(chart), later = seen;
        for (var waited = Stopwatch.StartNew(); later <= seen && waited.Elapsed < Most;)
        {
            await Task.Delay(50);
            later = await Epoch(chart);
        }
        Assert.True(later > seen, $"after epoch {seen} came none");
        Assert.DoesNotContain((await page.RunAxe()).Violations, v => v.Impact is "serious" or "critical");
        await Assertions.Expect(page.Locator("#live")).ToContainTextAsync("Done.", new() { Timeout = (float)Most.TotalMilliseconds });
        Assert.Equal(12, await Epoch(chart));
        Assert.Equal(0, await training.ExitCode());
        Assert.DoesNotContain(watched.Complaints,
            c => !c.EndsWith("/events: net::ERR_ABORTED", StringComparison.Ordinal)); // its own good-bye
    }

    [SkippableFact]
    public async Task Closing_the_browser_disturbs_nothing()
    {
        using var training = Training.Start(epochs: 6);
        var watched = await chromium.Open(await training.Address());
        await Assertions.Expect(watched.Page.Locator("#loss path.curve").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await watched.Page.CloseAsync();
        Assert.Equal(0, await training.ExitCode());
    }

    private static async Task<int> Epoch(ILocator chart) =>
        int.Parse((await chart.Locator("output").InnerTextAsync()).Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The lecture of the histograms, with --live 0.</summary>
    private sealed class Training : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("nativenn-live-").FullName;
        private readonly Process process;

        private Training(int epochs) => process = Process.Start(new ProcessStartInfo("dotnet",
            [
                typeof(CommandLineProgram).Assembly.Location, "weight-histograms", "--epochs", $"{epochs}", "--format", "none",
                "--live", "0", "--out", folder,
            ])
        {
            RedirectStandardOutput = true,
        })!;

        public static Training Start(int epochs) => new(epochs);

        public async Task<string> Address()
        {
            const string before = "watch it at ";
            while (await process.StandardOutput.ReadLineAsync() is { } line)
                if (line.StartsWith(before, StringComparison.Ordinal))
                {
                    _ = process.StandardOutput.ReadToEndAsync(); // or it would wait for a reader
                    return line[before.Length..];
                }
            throw new InvalidOperationException("the program ended without an address");
        }

        public async Task<int> ExitCode()
        {
            using var late = new CancellationTokenSource(Most);
            await process.WaitForExitAsync(late.Token);
            return process.ExitCode;
        }

        public void Dispose()
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }
}
