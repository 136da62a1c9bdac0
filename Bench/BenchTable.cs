using System.Text.Json;
using NativeNN.Backends;
using Spectre.Console;

namespace NativeNN.Bench;

/// <summary>The rows of one command: a table on the console, and JSON {"machine", "peak_gflops", "threads", "rows"}.</summary>
internal sealed class BenchTable(double peakGflops)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly List<Dictionary<string, object>> rows = [];

    /// <summary>A row by its columns' JSON names, in order.</summary>
    public void Add(params (string Name, object Value)[] cells) => rows.Add(cells.ToDictionary(cell => cell.Name, cell => cell.Value));

    /// <summary>A row that another program made.</summary>
    public void Add(Dictionary<string, object> row) => rows.Add(row);

    public void Print(Backend backend, int threads)
    {
        AnsiConsole.WriteLine($"{Machine.Name}; device {backend.Name}, {threads} thread{(threads == 1 ? "" : "s")}; "
            + (double.IsNaN(peakGflops) ? "peak not known"
                : $"{(backend is Gpu.GpuBackend { Device.PeakGflops: not null } ? "" : "measured ")}peak {peakGflops:F1} GFLOP/s"));
        if (rows.Count == 0)
            return;
        var table = new Table().Border(TableBorder.Simple);
        foreach (string name in rows[0].Keys)
            table.AddColumn(new TableColumn(name.Replace('_', ' ')).NoWrap());
        foreach (var row in rows)
            table.AddRow([.. row.Values.Select(value => value is double number ? Digits(number) : $"{value}")]);
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 140);
        AnsiConsole.Write(table);
    }

    public void WriteJson(string path, int threads) => File.WriteAllText(path, JsonSerializer.Serialize(
        new Dictionary<string, object> { ["machine"] = Machine.Name, ["peak_gflops"] = peakGflops, ["threads"] = threads, ["rows"] = rows },
        Indented));

    private static string Digits(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("N0"),
        >= 10 => value.ToString("F1"),
        _ => value.ToString("F3"),
    };
}
