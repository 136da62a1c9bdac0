namespace NativeNN.Layers;

/// <summary>
/// What LoadStateDict found: names of the module that the state lacks, and names of the state that the module does not know.
/// </summary>
public sealed record IncompatibleKeys(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected);
