namespace NativeNN.Experiments.Running;

/// <summary>How much a run says on the console; what it writes to files is the same.</summary>
public enum Verbosity
{
    /// <summary>The verdicts, and where the results lie.</summary>
    Quiet,

    Normal,

    /// <summary>Also the settings of every training, a line for each epoch that stays, and every figure's file.</summary>
    Verbose,
}
