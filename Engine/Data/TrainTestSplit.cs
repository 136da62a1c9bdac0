using NativeNN.Random;

namespace NativeNN.Data;

/// <summary>Splits rows into a training and a test part exactly as scikit-learn's <c>train_test_split</c> does.</summary>
public static class TrainTestSplit
{
    /// <summary>
    /// The rows of each part, in scikit-learn's order: ⌈testSize·count⌉ test rows come first in the permutation of
    /// <c>numpy.random.RandomState(seed)</c>, the training rows are the rest. Throws ArgumentException if a part would be empty, or
    /// testSize is outside (0, 1).
    /// </summary>
    public static (int[] Train, int[] Test) Indices(int count, double testSize, uint seed)
    {
        if (!(testSize is > 0 and < 1))
            throw new ArgumentException($"TrainTestSplit: got a test share of {testSize}, needs one in (0, 1)");
        int test = (int)Math.Ceiling(testSize * count);
        if (test <= 0 || test >= count)
            throw new ArgumentException($"TrainTestSplit: got {count} rows and a test share of {testSize}, which leave one part empty");
        int[] order = new NumpyRandomState(seed).Permutation(count);
        return (order[test..], order[..test]);
    }
}
