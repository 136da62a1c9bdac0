namespace NativeNN.Data;

/// <summary>
/// Something from outside (a file, a folder, an option) cannot be used. The message is one line for the person at the
/// keyboard: which file and line, what is wrong, what to do. Consoles print it and exit with code 2.
/// </summary>
public class BadInputException : Exception
{
    /// <summary>Says what is wrong in one line.</summary>
    public BadInputException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong in one line, and keeps the error behind it.</summary>
    public BadInputException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
