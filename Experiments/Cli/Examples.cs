namespace NativeNN.Experiments.Cli;

/// <summary>The examples below a command's help. A test parses each of them.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, Example[]> All = new()
    {
        [""] =
        [
            new("weight-histograms", "trains the first lecture's network; figures in out/weight-histograms/figures"),
            new("all --quick", "all lectures in a short form, on one page: out/index.html"),
            new("help init-variance", "that lecture's options"),
        ],
        ["weight-histograms"] =
        [
            new("weight-histograms --epochs 3 --format svg,png", "three epochs only, every figure in two formats"),
            new("weight-histograms --resume", "goes on where Ctrl-C, or a power cut, ended it"),
            new("weight-histograms --live 0", "follow the training in a browser"),
        ],
        ["weight-distributions"] =
        [
            new("weight-distributions --seed 7 --out seed-7", "other random draws, results beside the first ones"),
            new("weight-distributions --quiet", "only the verdicts, and where the results lie"),
        ],
        ["init-variance"] =
        [
            new("init-variance --sigmas 0.01,0.1 --epochs 2", "other standard deviations, for a short time"),
            new("init-variance --shard 0/4", "the first of four processes that share the work; then --merge"),
            new("init-variance --merge", "draws from all points that lie in --out"),
        ],
        ["weight-changes"] =
        [
            new("weight-changes --data fashion/", "on the images of that folder: IDX files, plain or .gz"),
            new("weight-changes --format none", "trains and writes metrics.json, draws nothing"),
        ],
        ["weight-init"] =
        [
            new("weight-init --data train.csv --label-column digit", "on a CSV file of one image a line"),
            new("weight-init --verbose", "with all settings of each training, and every file"),
        ],
        ["all"] =
        [
            new("all --quick", "a few epochs each, the same figures"),
            new("all --resume", "trains what is not trained yet"),
        ],
        ["compare"] =
        [
            new("compare weight-histograms --steps 1000", "a thousand steps here and in PyTorch, loss by loss"),
            new("compare init-variance --sigma 0.1", "lecture 002 from another start"),
        ],
        ["predict"] =
        [
            new("predict out/weight-histograms/checkpoints/sgd.safetensors seven.png", "what that network makes of a picture of yours"),
        ],
        ["weights"] =
        [
            new("weights notebook.pt --lecture weight-histograms", "a notebook's network: its weights, and the lecture's test of it"),
            new("weights out/weight-changes/checkpoints/sgd.safetensors --prefix model.", "the network of a lecture's checkpoint"),
        ],
        ["export"] =
        [
            new("export out/weight-histograms/checkpoints/sgd.safetensors --onnx net.onnx", "a lecture's trained network"),
            new("export notebook.pt --lecture weight-histograms --onnx net.onnx", "a network that PyTorch trained"),
        ],
        ["runs"] = [new("runs --out out", "all runs below that folder: what differs, and what they ended with")],
        ["compare-runs"] =
        [
            new("compare-runs out/weight-changes fast/weight-changes", "two runs over each other, say with --lr 0.1 and --out fast"),
        ],
        ["graph"] =
        [
            new("graph weight-histograms --animate", "a page that goes through one step"),
            new("graph --example diamond --format png,dot", "a small graph, for Graphviz too"),
        ],
        ["gradcheck"] =
        [
            new("gradcheck --op softmax", "the cases whose names begin with that"),
            new("gradcheck --break all", "planted mistakes, and how each shows"),
        ],
        ["gallery"] = [new("gallery --to Experiments/Gallery", "the pictures and the page of this repository")],
        ["backprop"] = [new("backprop --seed 7", "other weights; the page is out/backprop.html")],
    };

    public static IReadOnlyList<Example> Of(string command) => All.GetValueOrDefault(command, []);

    /// <summary>All of them.</summary>
    public static IEnumerable<Example> Everywhere => All.Values.SelectMany(examples => examples);
}
