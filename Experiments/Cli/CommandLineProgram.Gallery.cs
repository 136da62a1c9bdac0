using System.CommandLine;
using System.Text;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Experiments.Study;
using NativeNN.Random;

namespace NativeNN.Experiments.Cli;

// gallery: the pictures of the README, from finished runs.
public static partial class CommandLineProgram
{
    // What a page of many pictures can load at once.
    private const int LargestPicture = 150_000;

    private static readonly Option<string> To = new("--to")
    {
        Description = "folder for the pictures and their page",
        DefaultValueFactory = _ => "gallery",
    };

    private static Command GalleryCommand()
    {
        var command = new Command("gallery", "a figure and the verdicts of each lecture on a page of Markdown, as in this repository");
        foreach (var option in new Option[] { To, Out, Threads })
            command.Add(option);
        VerbosityOptions.AddTo(command);
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(To)!;
            // Trainings that lie finished in --out are not repeated.
            var options = new RunOptions
            {
                Command = "gallery",
                Out = parsed.GetValue(Out)!,
                Threads = ThreadsOf(parsed),
                Resume = true,
                Verbosity = VerbosityOptions.Read(parsed),
            };
            ResultFile.MakeFolder(folder);
            var backend = OpenDevice(options);
            using var interruption = Interruption.Listen();
            var shown = new List<(string, LectureReport, FigureItem, string)>();
            foreach (var lecture in Course.Lectures)
            {
                var report = RunLecture(lecture, options, backend, interruption, live: null);
                var cover = report.Figures.Single(f => f.Name == lecture.Cover);
                string picture = $"{lecture.Recipe.Document}-{cover.Name}.png";
                WritePicture(picture, File.ReadAllBytes(Path.Combine(report.Folder, cover.Files[0])));
                shown.Add((lecture.Recipe.Document, report, cover, picture));
            }
            WritePicture("graph.png", GraphOfFirstStep(options.Seed));
            ResultFile.Write(Path.Combine(folder, "README.md"), Encoding.UTF8.GetBytes(GalleryPage.Markdown(shown)));
            Terminal.WriteLine($"the page and its pictures: {folder}");
            return 0;

            void WritePicture(string name, byte[] png)
            {
                if (png.Length > LargestPicture)
                    throw new InvalidOperationException(
                        $"gallery: {name} has {png.Length} bytes, more than {LargestPicture}; the lecture's Cover needs a smaller figure");
                ResultFile.Write(Path.Combine(folder, name), png);
            }
        });
        return command;
    }

    private static byte[] GraphOfFirstStep(long seed)
    {
        var recipe = Course.Lectures[0].Recipe;
        var data = recipe.Data.Load(new ImageSource(null, recipe.Name), seed, Tensor.DefaultBackend);
        var example = GraphExample.OfLecture(recipe, data, new Generator(seed));
        return GraphPicture.Encode(GraphTrace.Of(example.Loss, example.Names), example.Title, "png");
    }
}
