using System.Collections;
using System.Runtime.CompilerServices;

namespace NativeNN.Experiments.Plotting;

/// <summary>Numbers to draw, copied. Arrays, lists and spans of double, float or int convert, and so does <c>[1, 2, 3]</c>.</summary>
[CollectionBuilder(typeof(Values), nameof(Create))]
public readonly struct Values : IReadOnlyList<double>
{
    private readonly double[] numbers;

    private Values(double[] numbers) => this.numbers = numbers;

    public int Count => numbers?.Length ?? 0;

    public double this[int index] => numbers[index];

    public static Values Create(ReadOnlySpan<double> numbers) => new(numbers.ToArray());

    /// <summary>0, 1, …, count − 1.</summary>
    public static Values Range(int count) => new([.. Enumerable.Range(0, count).Select(i => (double)i)]);

    public static implicit operator Values(double[] numbers) => Create(numbers);
    public static implicit operator Values(float[] numbers) => new([.. numbers.Select(n => (double)n)]);
    public static implicit operator Values(int[] numbers) => new([.. numbers.Select(n => (double)n)]);
    public static implicit operator Values(long[] numbers) => new([.. numbers.Select(n => (double)n)]);
    public static implicit operator Values(List<double> numbers) => new([.. numbers]);
    public static implicit operator Values(List<float> numbers) => new([.. numbers.Select(n => (double)n)]);
    public static implicit operator Values(List<int> numbers) => new([.. numbers.Select(n => (double)n)]);
    public static implicit operator Values(ReadOnlySpan<double> numbers) => Create(numbers);

    public static implicit operator Values(ReadOnlySpan<float> numbers)
    {
        var copy = new double[numbers.Length];
        for (int i = 0; i < copy.Length; i++)
            copy[i] = numbers[i];
        return new Values(copy);
    }

    public IEnumerator<double> GetEnumerator() => ((IEnumerable<double>)(numbers ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
