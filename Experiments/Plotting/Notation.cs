using System.Globalization;

namespace NativeNN.Experiments.Plotting;

/// <summary>Numbers as they are printed in books: −2.5 with a true minus sign, 1.05 × 10¹³ rather than 1.05E+13.</summary>
public static class Notation
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>A number with that many significant digits, trailing zeros left out; with a power of ten below 0.0001 and from a million
    /// on.</summary>
    public static string Short(double value, int digits = 3)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
        // Rounding may carry into the next power of ten: 999.9 is 1000.
        string[] parts = value.ToString("E" + (digits - 1), CultureInfo.InvariantCulture).Split('E');
        int power = value == 0 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        if (power is >= -4 and < 6)
            return Minus(value.ToString("0." + new string('#', Math.Max(0, digits - 1 - power)), CultureInfo.InvariantCulture));
        string mantissa = parts[0].Contains('.') ? parts[0].TrimEnd('0').TrimEnd('.') : parts[0];
        return Minus(mantissa is "1" ? PowerOfTen(power) : $"{mantissa} × {PowerOfTen(power)}");
    }

    /// <summary>A number with that many decimals.</summary>
    public static string Fixed(double value, int decimals) => Minus(value.ToString("F" + decimals, CultureInfo.InvariantCulture));

    /// <summary>10⁻⁴ and so on.</summary>
    public static string PowerOfTen(int exponent)
        => "10" + (exponent < 0 ? "⁻" : "")
            + string.Concat(Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).Select(digit => Superscripts[digit - '0']));

    /// <summary>The same number with a true minus sign; none before a zero.</summary>
    public static string Minus(string number)
        => !number.StartsWith('-') ? number : number.All(c => c is '-' or '0' or '.') ? number[1..] : "−" + number[1..];
}
