using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

public class NotationTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-2.5, "−2.5")]
    [InlineData(0.25, "0.25")]
    [InlineData(12345.6, "12346")]
    [InlineData(999.96, "1000")]
    [InlineData(999_999.9, "10⁶")]
    [InlineData(1.05e13, "1.05 × 10¹³")]
    [InlineData(-3e-7, "−3 × 10⁻⁷")]
    [InlineData(0.000123, "0.000123")]
    [InlineData(0.0000123, "1.23 × 10⁻⁵")]
    [InlineData(1e-10, "10⁻¹⁰")]
    [InlineData(-1e-300, "−1 × 10⁻³⁰⁰")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void Numbers_are_printed_as_in_books(double value, string text) => Assert.Equal(text, Notation.Short(value));

    [Theory]
    [InlineData("-0.00", "0.00")]
    [InlineData("-0.01", "−0.01")]
    [InlineData("7", "7")]
    public void A_minus_is_a_minus_sign_and_zero_has_none(string number, string text) => Assert.Equal(text, Notation.Minus(number));

    [Fact]
    public void More_digits_are_shown_on_demand() => Assert.Equal("1.0523 × 10¹³", Notation.Short(1.05231e13, digits: 5));
}
