using NativeNN.Random;

namespace NativeNN.Data;

/// <summary>Splits rows into a training and a test part exactly as scikit-learn's <c>train_test_split</c> does.</summary>
public static class TrainTestSplit
{
    /// <summary>
    /// The rows of each part, in scikit-learn's order: ⌈testSize·count⌉ test rows come first in the permutation of
    /// <c>numpy.random.RandomState(seed)</c>, the training rows are the rest.
    /// </summary>
    /// <exception cref="ArgumentException">A part would be empty, or <paramref name="testSize"/> is outside (0, 1).</exception>
    public static (int[] Train, int[] Test) Indices(int count, double testSize, uint seed)
    {
        if (!(testSize is > 0 and < 1))
            throw new ArgumentException($"TrainTestSplit: the test share lies between 0 and 1, got {testSize}.");
        int test = (int)Math.Ceiling(testSize * count);
        if (test <= 0 || test >= count)
            throw new ArgumentException($"TrainTestSplit: {count} rows with a test share of {testSize} leave one part empty.");
        int[] order = new NumpyRandomState(seed).Permutation(count);
        return (order[test..], order[..test]);
    }
}
