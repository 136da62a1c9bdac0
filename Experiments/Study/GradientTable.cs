using NativeNN.Backends;
using NativeNN.Experiments.Running;
using NativeNN.Random;
using Spectre.Console;

namespace NativeNN.Experiments.Study;

/// <summary>Cases of the engine's ops: measured slopes beside what Backward says, in a table that fills as they are checked.</summary>
public static class GradientTable
{
    private const long Seed = 7;

    /// <summary>
    /// Checks those cases on that backend; returns how many failed. atKinks: one element of each input is put where its function has one.
    /// </summary>
    public static int Run(IReadOnlyList<OpCase> cases, Backend backend, bool atKinks)
    {
        int failed = 0;
        Live([new("op"), new("formula", From: 100), new("shapes", From: 60), new("worst relative error"), new("verdict")], add =>
        {
            foreach (var one in cases)
            {
                var generator = new Generator(Seed);
                var inputs = one.MakeInputs(generator, backend);
                if (atKinks && one.Kink is { } kink)
                    foreach (var input in inputs)
                        PutFirst(input, kink);
                var result = GradCheck.Run(one.Build, inputs, generator);
                failed += result.Passed ? 0 : 1;
                string shapes = string.Join(", ", one.InputShapes);
                add([one.Name, Formulas.Of(one), shapes, $"{result.Error:0.0e+00}", result.Verdict]);
            }
        });
        return failed;
    }

    /// <summary>The same ops, right and with a mistake in their backward; returns how many mistakes were not found.</summary>
    public static int Run(IReadOnlyList<PlantedMistake> mistakes, Backend backend)
    {
        int missed = 0;
        Live([new("mistake"), new("what is wrong", From: 100), new("error, right", From: 60), new("error, planted"), new("verdict"),
            new("where it shows most", From: 80)], add =>
        {
            foreach (var mistake in mistakes)
            {
                var right = mistake.Check(mistake.Right, backend);
                var planted = mistake.Check(mistake.Planted, backend);
                bool caught = right.Passed && !planted.Passed;
                missed += caught ? 0 : 1;
                add([mistake.Name, mistake.What, $"{right.Error:0.0e+00}", $"{planted.Error:0.00}", caught ? "caught" : "MISSED",
                    planted.Worst]);
            }
        });
        return missed;
    }

    private static void PutFirst(Tensor x, float value)
    {
        var values = x.ToArray();
        values[0] = value;
        x.Set(values);
    }

    // Shown where the terminal has at least so many columns.
    private sealed record Column(string Header, int From = 0);

    // On a terminal row by row as they come, in a log all at once.
    private static void Live(IReadOnlyList<Column> columns, Action<Action<string[]>> fill)
    {
        var console = Terminal.Open();
        int[] shown = [.. Enumerable.Range(0, columns.Count).Where(i => columns[i].From <= console.Profile.Width)];
        var table = new Table().Border(TableBorder.Simple);
        foreach (int i in shown)
            table.AddColumn(columns[i].Header);
        if (Terminal.IsLive)
        {
            console.Live(table).Start(context => fill(row =>
            {
                Add(row);
                context.Refresh();
            }));
            return;
        }
        fill(Add);
        console.Write(table);

        void Add(string[] row) => table.AddRow(shown.Select(i => Text(row[i])));
    }

    private static Markup Text(string text) => new(Markup.Escape(text));
}
