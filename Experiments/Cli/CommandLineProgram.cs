using System.CommandLine;
using NativeNN.Backends;
using NativeNN.Backends.Simd;
using NativeNN.Data;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Gpu;

namespace NativeNN.Experiments.Cli;

/// <summary>The commands and options on one page.</summary>
public static partial class CommandLineProgram
{
    private static readonly Option<int?> Epochs = new("--epochs") { Description = "epochs of every training (default: the lecture's own)" };
    private static readonly Option<long> Seed = new("--seed") { Description = "seed of all random draws", DefaultValueFactory = _ => 42 };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "a folder of IDX files, plain or .gz (MNIST's, Fashion-MNIST's, EMNIST's, QMNIST's), torchvision's root folder, "
            + "a .npz, or a CSV file of label and pixels a line (default: the MNIST that comes along)",
    };
    private static readonly Option<string?> LabelColumn = new("--label-column")
    {
        Description = "the column of a CSV file's labels, by name or number from 1 (default: as its header says, else the first)",
    };
    private static readonly Option<bool?> Transpose = new("--transpose")
    {
        Description = "turn images over their diagonal (default: EMNIST's only, whose files need it)",
    };
    private static readonly Option<string> Out = new("--out") { Description = "folder for results", DefaultValueFactory = _ => "out" };
    private static readonly Option<int> Threads = new("--threads")
    {
        Description = "CPU threads, up to the number of processors; results are the same for any number",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };
    private static readonly Option<string> Format = new("--format")
    {
        Description = "figure formats: png, svg, pdf, several as png,pdf, or none",
        DefaultValueFactory = _ => "png",
    };
    private static readonly Option<int> Dpi = new("--dpi")
    {
        Description = "pixels per inch of PNG figures",
        DefaultValueFactory = _ => (int)Figure.ScreenDpi,
    };
    private static readonly Option<string> Device = new("--device") { Description = DeviceName.Forms, DefaultValueFactory = _ => "cpu" };
    private static readonly Option<bool> Resume = new("--resume") { Description = "go on from the checkpoints in --out, to the same bits" };
    private static readonly Option<string?> TensorBoard = new("--tensorboard") { Description = "folder for TensorBoard's event files" };
    private static readonly Option<int?> Live = new("--live")
    {
        Description = "show the training in a browser, at this port of this machine (0: any free one)",
    };
    private static readonly Option<bool> Quick = new("--quick") { Description = "a short tour: few epochs, the same figures" };

    public static int Run(string[] args) => CommandInvocation.Run(Root(), args);

    internal static RootCommand Root()
    {
        var root = new RootCommand("NativeNN: five deep-learning lectures on MNIST, on an engine written from scratch.");
        foreach (var lecture in Course.Lectures)
            root.Add(LectureCommand(lecture));
        root.Add(AllCommand());
        root.Add(CompareCommand());
        root.Add(WeightsCommand());
        root.Add(ExportCommand());
        root.Add(GalleryCommand());
        root.Add(PredictCommand());
        root.Add(RunsCommand());
        root.Add(CompareRunsCommand());
        root.Add(GraphCommand());
        root.Add(BackpropCommand());
        root.Add(GradCheckCommand());
        var list = new Command("list", "the lectures, one a line");
        list.SetAction(_ =>
        {
            foreach (var lecture in Course.Lectures)
                Terminal.WriteLine($"{lecture.Name,-22}{lecture.Title}");
            return 0;
        });
        root.Add(list);
        var devices = new Command("devices", "where a lecture can compute, and why a kind of device is missing");
        devices.SetAction(_ => ListDevices());
        root.Add(devices);
        Help.AddTo(root, Examples.Of);
        Completions.AddTo(root);
        return root;
    }

    private static Command LectureCommand(Lecture lecture)
    {
        var command = new Command(lecture.Name, lecture.Title);
        AddRunOptions(command);
        if (lecture is InitVariance)
            SweepOptions.AddTo(command);
        command.SetAction(parsed =>
        {
            var options = Read(parsed);
            if (lecture is InitVariance)
                options = SweepOptions.Read(parsed, options);
            lecture.RecipeWith(options.Hyperparameters); // what it can't take is told first
            using var live = StartLive(options);
            using var interruption = Interruption.Listen();
            var report = RunLecture(lecture, options, OpenDevice(options), interruption, live);
            live?.Done($"Done. Figures and verdicts: {ReportPath(report)}");
            Terminal.WriteLine($"{(options.Formats.Count > 0 ? "figures and " : "")}metrics.json: {report.Folder}");
            return 0;
        });
        return command;
    }

    private static Command AllCommand()
    {
        var command = new Command("all", "all lectures, and one page that shows them: <out>/index.html");
        AddRunOptions(command);
        command.SetAction(parsed =>
        {
            var options = Read(parsed);
            foreach (var lecture in Course.Lectures)
                lecture.RecipeWith(options.Hyperparameters); // what one of them can't take is told before the first trains
            var backend = OpenDevice(options);
            ResultFile.MakeFolder(options.Out);
            using var ours = RunLock.Take(Path.Combine(options.Out, ".lock"), options.Out);
            using var live = StartLive(options);
            using var interruption = Interruption.Listen();
            var reports = Course.Lectures.Select(lecture => RunLecture(lecture, options, backend, interruption, live)).ToList();
            string page = Path.Combine(options.Out, "index.html");
            HtmlReport.Write(page, "NativeNN: five lectures on MNIST", reports);
            live?.Done($"Done. All lectures on one page: {page}");
            Terminal.WriteLine($"all lectures on one page: {page}");
            return 0;
        });
        return command;
    }

    private static LiveServer? StartLive(RunOptions options)
    {
        if (options.Live is not { } port)
            return null;
        var live = LiveServer.Start(port);
        Terminal.WriteLine($"watch it at {live.Address}");
        return live;
    }

    private static string ReportPath(LectureReport report) => Path.Combine(report.Folder, "report.html");

    private static LectureReport RunLecture(Lecture lecture, RunOptions options, Backend backend, Interruption interruption,
        LiveServer? live)
    {
        using var console = new LectureConsole(options.Verbosity);
        console.Heading($"{lecture.Name}: {lecture.Title} (seed {options.Seed}, device {backend.Name})");
        using var run = new LectureRun(lecture, options, backend, console, interruption, live);
        lecture.Run(run);
        run.Report.WriteMetrics();
        HtmlReport.Write(ReportPath(run.Report), lecture.Title, [run.Report]);
        console.Claims(run.Report.Claims);
        return run.Report;
    }

    private static void AddRunOptions(Command command)
    {
        foreach (var option in new Option[]
            { Epochs, Seed, Data, LabelColumn, Transpose, Out, Threads, Format, Dpi, Device, Resume, Live, TensorBoard, Overwrite, Quick })
            command.Add(option);
        HyperparameterOptions.AddTo(command);
        VerbosityOptions.AddTo(command);
    }

    private static RunOptions Read(ParseResult parsed)
    {
        int? epochs = parsed.GetValue(Epochs);
        int threads = ThreadsOf(parsed);
        int dpi = parsed.GetValue(Dpi);
        if (epochs < 1)
            throw new BadInputException($"--epochs {epochs}: needs a whole number of at least 1");
        var formats = FormatsOf(parsed);
        if (dpi is < 50 or > 600)
            throw new BadInputException($"--dpi {dpi}: needs a whole number from 50 to 600");
        int? live = parsed.GetValue(Live);
        if (live is < 0 or > ushort.MaxValue)
            throw new BadInputException($"--live {live}: needs a port, a whole number from 0 to {ushort.MaxValue}");
        if (parsed.GetValue(Data) is { } data && !File.Exists(data) && !Directory.Exists(data))
            throw new BadInputException($"--data {data}: no such file or folder; give a folder of IDX files or a CSV file");
        return new RunOptions
        {
            Command = $"{Program} {string.Join(' ', parsed.Tokens.Select(t => Quoted(t.Value)))}",
            Epochs = epochs,
            Seed = parsed.GetValue(Seed),
            Data = parsed.GetValue(Data),
            LabelColumn = parsed.GetValue(LabelColumn),
            Transpose = parsed.GetValue(Transpose),
            Out = parsed.GetValue(Out)!,
            Threads = threads,
            Formats = formats,
            Dpi = dpi,
            Device = parsed.GetValue(Device)!,
            Resume = parsed.GetValue(Resume),
            Quick = parsed.GetValue(Quick),
            Live = live,
            Verbosity = VerbosityOptions.Read(parsed),
            Hyperparameters = HyperparameterOptions.Read(parsed),
            TensorBoard = parsed.GetValue(TensorBoard),
            Overwrite = parsed.GetValue(Overwrite),
        };
    }

    private static string[] FormatsOf(ParseResult parsed)
    {
        string[] formats = parsed.GetValue(Format)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (formats is ["none"])
            return [];
        return formats.Length > 0 && formats.All(f => f is "png" or "svg" or "pdf") ? formats
            : throw new BadInputException($"--format {parsed.GetValue(Format)}: needs png, svg, pdf, several as png,pdf, or none");
    }

    // How this program was begun: as the installed tool, or from the repository.
    private static string Program => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "nativenn"
        ? "nativenn"
        : "dotnet run -c Release --project Experiments --";

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "-_./,=:+".Contains(c)) ? word : $"'{word.Replace("'", "'\\''")}'";

    private static int ThreadsOf(ParseResult parsed) => ThreadCount.Of(parsed.GetValue(Threads), Terminal.WriteLine);

    private static Backend OpenDevice(RunOptions options) => OpenDevice(options.Device, options.Threads);

    private static Backend OpenDevice(string device, int threads)
    {
        var cpu = threads == SimdBackend.Default.Threads ? SimdBackend.Default : SimdBackend.Create(threads);
        return GpuDevices.Open(device, cpu, Terminal.WriteLine);
    }

    private static int ListDevices()
    {
        string last = SimdBackend.FusesMultiplyAdd ? "" : "; no FMA: the last digits of results differ from other CPUs' and PyTorch's";
        Terminal.WriteLine($"cpu        {SimdBackend.Default.Threads} threads, {SimdBackend.Default.LaneCount * 32}-bit vectors{last}");
        Terminal.WriteLine("reference  plain loops, the oracle");
        var list = GpuDevices.List();
        foreach (var device in list.Devices)
            Terminal.WriteLine($"{device}");
        foreach (string missing in list.Missing)
            Terminal.WriteLine(missing);
        return 0;
    }
}
