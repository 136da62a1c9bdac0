using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NativeNN.Data;

namespace NativeNN.Experiments.Reports;

/// <summary>
/// The report's charts in a browser on this machine while a lecture trains: a page, and a stream of server-sent events. Training only
/// leaves a chart here; what a browser reads, and when, is its connection's own affair, so a slow or closed one disturbs nothing.
/// </summary>
public sealed class LiveServer : IDisposable
{
    private static readonly TimeSpan SendAtMostEvery = TimeSpan.FromMilliseconds(100), SendAtLeastEvery = TimeSpan.FromSeconds(1),
        StillHereEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly WebApplication web;
    private readonly Dictionary<string, (long Version, Chart Chart)> charts = [];
    private TaskCompletionSource changed = NewSignal();
    private long version;
    private int connections;
    private string lecture = "", title = "", status = "";
    private bool isDone;

    private LiveServer(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddSingleton<IHostLifetime, ProgramsOwnLifetime>();
        web = builder.Build();
        web.Run(Answer);
    }

    /// <summary>Where the page is.</summary>
    public string Address => web.Urls.First() + "/";

    /// <summary>Serves on that port of 127.0.0.1; 0 is any free one. Throws BadInputException if it is taken.</summary>
    public static LiveServer Start(int port)
    {
        var server = new LiveServer(port);
        try
        {
            server.web.StartAsync().GetAwaiter().GetResult();
        }
        catch (IOException e)
        {
            server.Dispose();
            throw new BadInputException($"--live {port}: the port can't be had ({e.Message.TrimEnd('.')}); choose another, or 0 for any",
                e);
        }
        return server;
    }

    /// <summary>A lecture begins: its charts follow, those of the one before go.</summary>
    public void Begin(string lecture, string title)
    {
        lock (gate)
        {
            (this.lecture, this.title) = (lecture, title);
            charts.Clear();
            Changed();
        }
    }

    /// <summary>A chart is new, or has changed.</summary>
    public void Show(Chart chart)
    {
        lock (gate)
        {
            charts[chart.Id] = (++version, chart);
            Changed();
        }
    }

    /// <summary>The line above the charts.</summary>
    public void Say(string line)
    {
        lock (gate)
        {
            status = line;
            Changed();
        }
    }

    /// <summary>Nothing more comes; browsers keep what they have, with that line above it.</summary>
    public void Done(string line)
    {
        lock (gate)
        {
            (status, isDone) = (line, true);
            Changed();
        }
        // Who is connected hears of it before the program goes on, and perhaps ends.
        for (var waited = Stopwatch.StartNew(); Volatile.Read(ref connections) > 0 && waited.Elapsed < LastWords;)
            Thread.Sleep(10);
    }

    public void Dispose()
    {
        using var soon = new CancellationTokenSource(LastWords);
        web.StopAsync(soon.Token).GetAwaiter().GetResult();
        ((IDisposable)web).Dispose();
    }

    private async Task Answer(HttpContext context)
    {
        // A page from elsewhere whose name leads to 127.0.0.1 is not to read this one.
        if (context.Request.Host.Host is not ("127.0.0.1" or "localhost"))
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        else if (context.Request.Path == "/")
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(HtmlReport.Live(lecture, title));
        }
        else if (context.Request.Path == "/events")
            await Follow(context.Response, context.RequestAborted);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    /// <summary>Sends what is new, until there is nothing more to come or the browser goes.</summary>
    private async Task Follow(HttpResponse response, CancellationToken gone)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        Interlocked.Increment(ref connections);
        try
        {
            long seen = 0;
            while (true)
            {
                Task next;
                List<Chart> fresh;
                string line;
                bool ended;
                lock (gate)
                {
                    (next, line, ended) = (changed.Task, status, isDone);
                    fresh = [.. charts.Values.Where(c => c.Version > seen).Select(c => c.Chart)];
                    seen = version;
                }
                var sending = Stopwatch.StartNew();
                foreach (var chart in fresh)
                    await response.WriteAsync($"event: chart\ndata: {chart.ToJson()}\n\n", gone);
                await response.WriteAsync($"event: {(ended ? "done" : "status")}\ndata: {line.ReplaceLineEndings(" ")}\n\n", gone);
                await response.Body.FlushAsync(gone);
                if (ended)
                {
                    await Task.Delay(SendAtMostEvery, gone); // time for the browser to close the connection itself
                    break;
                }
                // What sending takes is lost to the training, so it has a hundredth of the time.
                await Task.Delay(TimeSpan.FromSeconds(Math.Clamp(100 * sending.Elapsed.TotalSeconds, SendAtMostEvery.TotalSeconds,
                    SendAtLeastEvery.TotalSeconds)), gone);
                await Task.WhenAny(next, Task.Delay(StillHereEvery, gone));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The browser went, or the program is ending.
        }
        finally
        {
            Interlocked.Decrement(ref connections);
        }
    }

    private void Changed()
    {
        changed.TrySetResult();
        changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ctrl-C and SIGTERM are the program's, not the web host's.</summary>
    private sealed class ProgramsOwnLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
