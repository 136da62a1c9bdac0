using NativeNN.Backends;
using NativeNN.Random;
using Spectre.Console;

namespace NativeNN.Experiments.Study;

/// <summary>Cases of the engine's ops: measured slopes beside what Backward says, in a table that fills as they are checked.</summary>
public static class GradientTable
{
    private const int LogWidth = 160;
    private const long Seed = 7;

    /// <summary>
    /// Checks those cases on that backend; returns how many failed. atKinks: one element of each input is put where its function has one.
    /// </summary>
    public static int Run(IReadOnlyList<OpCase> cases, Backend backend, bool atKinks)
    {
        var table = NewTable("op", "formula", "shapes", "worst relative error", "verdict");
        int failed = 0;
        Live(table, refresh =>
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
                table.AddRow(Text(one.Name), Text(Formulas.Of(one)), Text(shapes), Text($"{result.Error:0.0e+00}"), Text(result.Verdict));
                refresh();
            }
        });
        return failed;
    }

    /// <summary>The same ops, right and with a mistake in their backward; returns how many mistakes were not found.</summary>
    public static int Run(IReadOnlyList<PlantedMistake> mistakes, Backend backend)
    {
        var table = NewTable("mistake", "what is wrong", "error, right", "error, planted", "verdict", "where it shows most");
        int missed = 0;
        Live(table, refresh =>
        {
            foreach (var mistake in mistakes)
            {
                var right = mistake.Check(mistake.Right, backend);
                var planted = mistake.Check(mistake.Planted, backend);
                bool caught = right.Passed && !planted.Passed;
                missed += caught ? 0 : 1;
                table.AddRow(Text(mistake.Name), Text(mistake.What), Text($"{right.Error:0.0e+00}"), Text($"{planted.Error:0.00}"),
                    Text(caught ? "caught" : "MISSED"), Text(planted.Worst));
                refresh();
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

    private static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
            table.AddColumn(column);
        return table;
    }

    // On a terminal row by row as they come, in a log all at once.
    private static void Live(Table table, Action<Action> fill)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (console.Profile.Out.IsTerminal)
        {
            console.Live(table).Start(context => fill(context.Refresh));
            return;
        }
        fill(() => { });
        console.Profile.Width = LogWidth;
        console.Write(table);
    }

    private static Markup Text(string text) => new(Markup.Escape(text));
}
