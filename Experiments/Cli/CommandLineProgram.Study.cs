using System.CommandLine;
using System.Text;
using NativeNN.Data;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Experiments.Study;
using NativeNN.Random;

namespace NativeNN.Experiments.Cli;

// graph and backprop: what a step computes, drawn and worked out.
public static partial class CommandLineProgram
{
    private static readonly Argument<string?> Drawn = new("lecture")
    {
        Description = "a lecture's name, or its document's number 000 to 004",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string?> Example = new("--example")
    {
        Description = $"a small graph instead: {string.Join(", ", GraphExample.Small.Keys)}",
    };
    private static readonly Option<bool> Animate = new("--animate")
    {
        Description = "also a page that goes through the step, forward and backward",
    };
    private static readonly Option<string> GraphFormat = new("--format")
    {
        Description = "png, svg, pdf, dot (Graphviz), several as png,dot",
        DefaultValueFactory = _ => "svg",
    };

    private static Command GraphCommand()
    {
        var command = new Command("graph", "the autograd graph of one step: shapes, values, and the gradient on every edge");
        command.Add(Drawn);
        foreach (var option in new Option[] { Example, Animate, GraphFormat, Seed, Data, Out })
            command.Add(option);
        command.SetAction(parsed =>
        {
            string[] formats = parsed.GetValue(GraphFormat)!.Split(',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (formats.Length == 0 || formats.FirstOrDefault(f => f is not ("png" or "svg" or "pdf" or "dot")) is not null)
                throw new BadInputException($"--format {parsed.GetValue(GraphFormat)}: needs png, svg, pdf, dot, or several as png,dot");
            var (name, example) = Subject(parsed);
            string dot = GraphDrawing.ToGraphviz(example.Loss, example.Names);
            var trace = GraphTrace.Of(example.Loss, example.Names);
            Terminal.WriteLine($"{example.Title}\n\n{GraphText.Of(trace)}\n");
            string folder = Path.Combine(parsed.GetValue(Out)!, "graph");
            ResultFile.MakeFolder(folder);
            foreach (string format in formats)
                WriteFile($"{name}.{format}", format == "dot" ? Encoding.UTF8.GetBytes(dot)
                    : GraphPicture.Encode(trace, example.Title, format));
            if (parsed.GetValue(Animate))
                WriteFile($"{name}.html", Encoding.UTF8.GetBytes(GraphPage.Html(trace, example.Title)));
            return 0;

            void WriteFile(string file, byte[] content)
            {
                string path = Path.Combine(folder, file);
                ResultFile.Write(path, content);
                Terminal.WriteLine(path);
            }
        });
        return command;
    }

    private static (string Name, GraphExample Example) Subject(ParseResult parsed)
    {
        var (lecture, example) = (parsed.GetValue(Drawn), parsed.GetValue(Example));
        if (lecture is null == example is null)
            throw new BadInputException($"graph: needs either a lecture ({string.Join(", ", Course.Lectures.Select(l => l.Name))}) or "
                + $"--example {string.Join("|", GraphExample.Small.Keys)}");
        var generator = new Generator(parsed.GetValue(Seed));
        if (example is not null)
            return GraphExample.Small.TryGetValue(example, out var make)
                ? (example, make(generator))
                : throw new BadInputException($"--example {example}: needs one of {string.Join(", ", GraphExample.Small.Keys)}");
        var found = Course.Named(lecture!, "graph");
        var data = found.Recipe.Data.Load(new ImageSource(parsed.GetValue(Data), found.Name), parsed.GetValue(Seed), Tensor.DefaultBackend);
        return (found.Name, GraphExample.OfLecture(found.Recipe, data, generator));
    }

    private static Command BackpropCommand()
    {
        var command = new Command("backprop", "backpropagation worked out: every value and gradient of four images, by four ways");
        foreach (var option in new Option[] { Seed, Data, Out })
            command.Add(option);
        command.SetAction(parsed =>
        {
            var recipe = Course.Lectures[0].Recipe; // for its data: pixels from 0 to 1
            long seed = parsed.GetValue(Seed);
            var data = recipe.Data.Load(new ImageSource(parsed.GetValue(Data), "backprop"), seed, Tensor.DefaultBackend);
            var walk = BackpropWalk.Of(data, new Generator(seed));
            Terminal.WriteLine(BackpropReport.Text(walk));
            ResultFile.MakeFolder(parsed.GetValue(Out)!);
            string page = Path.Combine(parsed.GetValue(Out)!, "backprop.html");
            ResultFile.Write(page, Encoding.UTF8.GetBytes(BackpropReport.Html(walk)));
            Terminal.WriteLine($"the same as a page: {page}");
            return 0;
        });
        return command;
    }
}
