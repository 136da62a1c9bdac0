namespace NativeNN.Optim;

/// <summary>
/// A double in a state dict, where all is float32: as the sum of three floats, each the rounding of what the ones before leave, 3·24 bits
/// for 53.
/// </summary>
internal static class ExactNumber
{
    /// <summary>[high, middle, low].</summary>
    public static Tensor ToTensor(double value)
    {
        float high = (float)value;
        if (!float.IsFinite(high))
            return Tensor.From(high, 0, 0);
        float middle = (float)(value - high), low = (float)(value - high - middle);
        return Tensor.From(high, middle, low);
    }

    /// <summary>The number of that name. Throws ArgumentException if the state has none.</summary>
    public static double Read(IReadOnlyDictionary<string, Tensor> state, string name)
    {
        if (!state.TryGetValue(name, out var tensor) || tensor.Length != 3)
            throw new ArgumentException($"LoadStateDict: the state has no number '{name}'; it is of another kind");
        float[] parts = tensor.ToArray();
        return (double)parts[0] + parts[1] + parts[2];
    }
}
