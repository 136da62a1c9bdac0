using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

public class TicksTests
{
    // What matplotlib 3.6.3 shows for MaxNLocator(9, steps=[1, 2, 2.5, 5, 10]) and ScalarFormatter.
    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-0.0357, 0.0357, "−0.03 −0.02 −0.01 0.00 0.01 0.02 0.03")]
    [InlineData(0, 1400, "0 200 400 600 800 1000 1200 1400")]
    [InlineData(-2.45, 51.45, "0 10 20 30 40 50")]
    [InlineData(0.855, 1.145, "0.90 0.95 1.00 1.05 1.10")]
    [InlineData(0, 25000, "0 5000 10000 15000 20000 25000")]
    public void Linear_ticks_look_like_matplotlibs(double low, double high, string labels)
        => Assert.Equal(labels, string.Join(' ', Ticks.Linear(low, high, bins: 9).Labels));

    [Fact]
    public void Linear_ticks_are_round_evenly_spaced_inside_and_distinct_for_many_ranges()
    {
        var random = new System.Random(17);
        for (int trial = 0; trial < 5000; trial++)
        {
            double low = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 13));
            double high = low + random.NextDouble() * Math.Abs(low) * Math.Pow(10, random.Next(-6, 4)) + 1e-14;
            int bins = random.Next(1, 10);
            Ticks ticks = Ticks.Linear(low, high, bins);
            string context = $"[{low:R}, {high:R}] in {bins}: {string.Join(' ', ticks.Labels)} {ticks.Offset}";
            Assert.True(ticks.Major.Length >= 2, context);
            Assert.True(ticks.Major.Length <= Math.Max(bins + 1, 6), context);
            double slack = (high - low) * 1e-6;
            Assert.All(ticks.Major, tick => Assert.True(tick >= low - slack && tick <= high + slack, context));
            Assert.Equal(ticks.Labels.Length, ticks.Labels.Distinct().Count());
            double step = ticks.Major[1] - ticks.Major[0];
            double leading = step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-3));
            Assert.True(new[] { 1, 2, 2.5, 5 }.Any(round => Math.Abs(leading - round) < 1e-2), context);
            // The ticks leave no more than a step free at either end.
            Assert.True(ticks.Major[0] - low <= step * 1.001 && high - ticks.Major[^1] <= step * 1.001, context);
        }
    }

    [Fact]
    public void Labels_give_their_values_back()
    {
        var random = new System.Random(3);
        for (int trial = 0; trial < 2000; trial++)
        {
            double low = random.NextDouble() * Math.Pow(10, random.Next(-9, 10)), high = low * (1 + random.NextDouble()) + 1e-12;
            Ticks ticks = Ticks.Linear(low, high, bins: 7);
            (double factor, double added) = ReadOffset(ticks.Offset);
            for (int i = 0; i < ticks.Major.Length; i++)
                Assert.Equal(ticks.Major[i], Read(ticks.Labels[i]) * factor + added, tolerance: (high - low) * 2e-3);
        }
    }

    [Fact]
    public void Whole_numbers_get_whole_ticks()
        => Assert.Equal(["1", "2", "3"], Ticks.Linear(0.9, 3.1, bins: 9, wholeNumbers: true).Labels);

    // Epochs of runs of any length, a single one too; without a whole number in view there is nothing better than fractions.
    [Theory]
    [InlineData(new double[] { 1 }, "1")]
    [InlineData(new double[] { 0, 1 }, "0 1")]
    [InlineData(new double[] { 1, 2 }, "1 2")]
    [InlineData(new double[] { 0, 1, 2, 3 }, "0 1 2 3")]
    [InlineData(new double[] { 0.5, 1 }, "0.5 0.6 0.7 0.8 0.9 1.0")]
    public void An_axis_of_whole_numbers_has_whole_ticks(double[] values, string labels)
    {
        var axis = new Axis("x");
        foreach (double value in values)
            axis.Include(value);
        axis.Autoscale();
        Assert.Equal(labels, string.Join(' ', axis.FindTicks(most: 9).Labels));
        axis.Limits = (values[^1] + 0.1, values[^1] + 0.2);
        axis.Autoscale();
        Assert.True(axis.FindTicks(most: 9).Labels.Length >= 2);
    }

    [Fact]
    public void A_colour_bar_from_0_to_1_has_ticks_between()
    {
        var figure = new Figure();
        figure.Axes.Image(new double[,] { { 0, 1 } }).ColorBar();
        Assert.Contains("0.6", figure.Arrange(640, 480, out _)[0, 0].BarTicks.Labels);
    }

    [Fact]
    public void Large_and_small_numbers_take_a_common_factor_and_near_ones_a_common_part()
    {
        Assert.Equal("×10⁷", Ticks.Linear(0, 4e7, bins: 5).Offset);
        Assert.Equal("×10⁻⁹", Ticks.Linear(1e-9, 3e-9, bins: 5).Offset);
        Assert.Equal("+1.234567×10⁶", Ticks.Linear(1234567.1, 1234567.3, bins: 5).Offset);
        Assert.Equal("", Ticks.Linear(0.0001, 0.0005, bins: 5).Offset);
    }

    [Theory]
    [InlineData(5e-5, 20, 9, "10⁻⁴ 10⁻³ 10⁻² 10⁻¹ 10⁰ 10¹")]
    [InlineData(1, 1e19, 7, "10⁰ 10³ 10⁶ 10⁹ 10¹² 10¹⁵ 10¹⁸")]
    [InlineData(3, 90, 9, "5 10 20 50")]
    [InlineData(11, 19, 9, "12 14 16 18")]
    [InlineData(2.2e-7, 4.8e-7, 9, "3×10⁻⁷ 4×10⁻⁷")]
    [InlineData(0.21, 1.4, 9, "0.3 0.5 1")]
    [InlineData(0.4, 1.4, 9, "0.4 0.6 1")]
    [InlineData(0.25, 0.8, 9, "0.3 0.4 0.6")]
    [InlineData(0.9, 12, 9, "1 2 5 10")]
    [InlineData(0.9, 120, 9, "10⁰ 10¹ 10²")]
    public void Log_ticks_are_decades_or_finer_where_there_are_few(double low, double high, int most, string labels)
        => Assert.Equal(labels, string.Join(' ', Ticks.Log(low, high, most).Labels));

    [Fact]
    public void Log_minor_ticks_are_the_multiples_between_decades()
    {
        Ticks ticks = Ticks.Log(1, 100, most: 9);
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 20, 30, 40, 50, 60, 70, 80, 90], ticks.Minor.Select(v => Math.Round(v, 9)).Order());
    }

    private static double Read(string label) => double.Parse(label.Replace('−', '-'), System.Globalization.CultureInfo.InvariantCulture);

    // "×10ⁿ", "+a", "+a×10ⁿ" or "×10ⁿ +a"
    private static (double Factor, double Added) ReadOffset(string offset)
    {
        (double factor, double added) = (1, 0);
        foreach (string part in offset.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pieces = part.TrimStart('+').Split('×');
            double power = pieces.Length == 2 ? ReadPower(pieces[1]) : 1;
            if (part.StartsWith('×'))
                factor = power;
            else
                added = power * (pieces[0].Any("⁰¹²³⁴⁵⁶⁷⁸⁹".Contains) ? ReadPower(pieces[0]) : Read(pieces[0]));
        }
        return (factor, added);
    }

    private static double ReadPower(string power)
    {
        string digits = string.Concat(power[2..].Select(c => c == '⁻' ? '-' : (char)('0' + "⁰¹²³⁴⁵⁶⁷⁸⁹".IndexOf(c))));
        return Math.Pow(10, int.Parse(digits));
    }
}
