using System.CommandLine;
using NativeNN.Data;
using NativeNN.Experiments.Study;

namespace NativeNN.Experiments.Cli;

// gradcheck: what the engine's ops say about their derivatives, beside measured slopes. Exit code 1: one is wrong.
public static partial class CommandLineProgram
{
    private const int WrongGradient = 1;

    private static readonly Option<string?> OnlyOp = new("--op") { Description = "only the cases whose names begin with that" };
    private static readonly Option<bool> AtKinks = new("--kinks")
    {
        Description = "put one input where its function has a kink and so no slope",
    };
    private static readonly Option<string?> Break = new("--break")
    {
        Description = $"plant a mistake and see it found: all, {MistakeNames}",
    };

    private static string MistakeNames => string.Join(", ", PlantedMistake.All.Select(m => m.Name));

    private static Command GradCheckCommand()
    {
        var command = new Command("gradcheck", "every op's gradient beside measured slopes");
        foreach (var option in new Option[] { OnlyOp, AtKinks, Break, Device, Threads })
            command.Add(option);
        command.SetAction(parsed =>
        {
            var backend = OpenDevice(parsed.GetValue(Device)!, ThreadsOf(parsed));
            int wrong = parsed.GetValue(Break) is { } name
                ? GradientTable.Run(MistakesNamed(name), backend)
                : GradientTable.Run(CasesOf(parsed.GetValue(OnlyOp)), backend, parsed.GetValue(AtKinks));
            return wrong == 0 ? 0 : WrongGradient;
        });
        return command;
    }

    private static IReadOnlyList<OpCase> CasesOf(string? op)
    {
        List<OpCase> cases = [.. OpCase.All.Where(c => op is null || c.Name.StartsWith(op, StringComparison.OrdinalIgnoreCase))];
        return cases.Count > 0 ? cases
            : throw new BadInputException($"--op {op}: no case of that name; gradcheck without --op lists them");
    }

    private static IReadOnlyList<PlantedMistake> MistakesNamed(string name)
    {
        List<PlantedMistake> mistakes = [.. PlantedMistake.All.Where(m => name == "all" || m.Name == name)];
        return mistakes.Count > 0 ? mistakes
            : throw new BadInputException($"--break {name}: needs all, {MistakeNames}");
    }
}
