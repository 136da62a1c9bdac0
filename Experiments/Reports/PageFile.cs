namespace NativeNN.Experiments.Reports;

/// <summary>The files of the folder Page, which travel inside the program.</summary>
internal static class PageFile
{
    public static string Text(string name)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream($"page/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
