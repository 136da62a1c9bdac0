using System.Globalization;
using System.Text.Json;
using Json.Schema;
using NativeNN.Tests.Cli;

namespace NativeNN.Tests.Reports;

/// <summary>metrics.json fits its schema, and metrics.csv says the same.</summary>
public sealed class MetricsFileTests : IDisposable
{
    private static readonly JsonSchema Schema =
        JsonSchema.FromFile(Path.Combine(AppContext.BaseDirectory, "Reports", "metrics.schema.json"));

    private readonly TemporaryFolder folder = new(), data = new();

    public void Dispose()
    {
        folder.Dispose();
        data.Dispose();
    }

    // 003 does not diverge, 004 does with absurd weights; 002 has many trainings.
    [Theory]
    [InlineData("weight-changes", "--epochs", "2")]
    [InlineData("weight-init", "--quick")]
    [InlineData("init-variance", "--epochs", "1", "--sigmas", "0.1,1e30")]
    [InlineData("weight-histograms", "--epochs", "1", "--optimizer", "rmsprop", "--momentum", "0.5", "--hidden", "9,8",
        "--init", "normal:0.1", "--loss", "cross-entropy", "--dropout", "0", "--batch-size", "20")]
    public void ALecturesFilesFitTheSchema(string lecture, params string[] options)
    {
        var metrics = Run(lecture, options);
        var wrong = Schema.Evaluate(metrics, new() { OutputFormat = OutputFormat.List }).Details?.Where(d => d.Errors is { Count: > 0 });
        Assert.True(Fits(metrics),
            string.Join("\n", wrong?.Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}") ?? []));
        Assert.Equal(options.Contains("--quick"), metrics.GetProperty("quick").GetBoolean());
        Assert.Equal(data.Path, metrics.GetProperty("settings").GetProperty("data").GetString());
        Assert.InRange(DateTime.UtcNow - metrics.GetProperty("date").GetDateTime(), TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(10));
        Assert.StartsWith("1.", metrics.GetProperty("versions").GetProperty("nativenn").GetString());

        string[][] lines = [.. File.ReadAllLines(folder.File($"{lecture}/metrics.csv")).Select(line => line.Split(','))];
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        var epochs = Trainings(metrics).SelectMany(t => t.GetProperty("epochs").EnumerateArray()).ToList();
        Assert.Equal(epochs.Count, lines.Length - 1);
        Assert.All(epochs.Zip(lines.Skip(1)), pair =>
        {
            var (epoch, line) = pair;
            string Column(string name) => line[Array.IndexOf(lines[0], name)];
            foreach (string name in new[] { "epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy" })
                Same(epoch.GetProperty(name), Column(name));
            foreach (var layer in epoch.GetProperty("gradient_norms").EnumerateObject())
                Same(layer.Value, Column($"gradient_norm {layer.Name}"));
        });
    }

    [Fact]
    public void TheSchemaRefusesWhatItShould()
    {
        string metrics = Run("weight-changes", "--epochs", "1").GetRawText();
        foreach (var (from, to) in new[] { ("\"test_loss\"", "\"tested_loss\""), ("\"quick\": false", "\"quick\": 0"),
            ("\"epoch\": 1", "\"epoch\": 0"), ("\"trainHash\"", "\"hash\"") })
        {
            Assert.Contains(from, metrics);
            Assert.False(Fits(JsonElement.Parse(metrics.Replace(from, to, StringComparison.Ordinal))), to);
        }
    }

    private static bool Fits(JsonElement metrics) => Schema.Evaluate(metrics).IsValid;

    private static IEnumerable<JsonElement> Trainings(JsonElement metrics) =>
        metrics.GetProperty("trainings").EnumerateObject().Select(t => t.Value).Prepend(metrics);

    private static void Same(JsonElement number, string text)
    {
        if (number.ValueKind == JsonValueKind.Null)
            Assert.Equal("", text);
        else
            Assert.Equal(number.GetDouble(), double.Parse(text, CultureInfo.InvariantCulture));
    }

    private JsonElement Run(string lecture, params string[] options)
    {
        SmallData.Folder(data);
        var (exitCode, _, error) = ConsoleRun.Of([lecture, "--data", data.Path, "--out", folder.Path, "--format", "none", .. options]);
        Assert.True(exitCode == 0, error);
        return JsonElement.Parse(File.ReadAllText(folder.File($"{lecture}/metrics.json")));
    }
}
