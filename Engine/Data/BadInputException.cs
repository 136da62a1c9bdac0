using System.Globalization;

namespace NativeNN.Data;

/// <summary>
/// Something from outside (a file, a folder, an option) cannot be used. The message is one line for the person at the
/// keyboard: which file and line, what is wrong, what to do. Consoles print it and exit with code 2.
/// </summary>
public class BadInputException : Exception
{
    /// <summary>Says what is wrong in one line; characters that would steer a terminal are replaced.</summary>
    public BadInputException(string message)
        : base(Printable(message))
    {
    }

    /// <summary>Says what is wrong in one line, and keeps the error behind it.</summary>
    public BadInputException(string message, Exception inner)
        : base(Printable(message), inner)
    {
    }

    /// <summary>The start of a text from outside, for a message: a file may hold a name of megabytes.</summary>
    internal static string Excerpt(string text, int length = 30) => text.Length <= length ? text : text[..length] + "…";

    // Names in a file can hold escape sequences, line ends, or marks that turn the direction of writing.
    private static string Printable(string message) => string.Create(message.Length, message, (shown, text) =>
    {
        for (int i = 0; i < shown.Length; i++)
            shown[i] = char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? '\uFFFD' : text[i];
    });
}
