using System.Text;
using NativeNN.Data;

namespace NativeNN.Tests.Data;

public sealed class CsvTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "\n", "")]
    [InlineData("label,1x1,1x2,1x3\n", "\r\n", "\r\n")]
    [InlineData("\uFEFFlabel,0,1,2\n", "\n", "\n\n")]
    [InlineData("class,pixel0\r\n", "\n", "\n")]
    public void ReadsRowsWithAndWithoutAHeader(string header, string newline, string end)
    {
        string text = header + Row(7, (0, "255"), (783, "12")) + newline + Row(0, (1, " 3 ")) + newline + Row(9) + end;
        var set = Csv.Read(folder.Write("a.csv", Encoding.UTF8.GetBytes(text)));
        Assert.Equal("a.csv", set.Name);
        Assert.Equal([7, 0, 9], set.Labels);
        Assert.Equal((28, 28), (set.Rows, set.Columns));
        Assert.Equal((255, 12, 3), (set.Image(0)[0], set.Image(0)[783], set.Image(1)[1]));
        Assert.Equal(255 + 12 + 3, set.Pixels.Sum(p => p));
    }

    [Fact]
    public void ReadsGzippedText() =>
        Assert.Equal([4], Csv.Read(folder.Write("a.csv.gz", IdxTests.Gzip(Encoding.UTF8.GetBytes(Row(4))))).Labels);

    [Fact]
    public void EveryBadLineIsNamed()
    {
        string row = Row(5);
        Refused("short", row + "\n" + row[..^2] + "\n", "line 2: 784 fields");
        Refused("short first", row[..^2] + "\n", "line 1: 784 fields");
        Refused("long", row + "\n" + row + "\n" + row + ",0", "line 3: more than 785 fields");
        Refused("word", row + "\n" + Row(5, (9, "black")), "line 2: pixel 10 'black' is not a number");
        Refused("word first", Row(5, (9, "black")), "line 1: pixel 10 'black' is not a number");
        Refused("empty cell", Row(5, (0, "")), "line 1: pixel 1 '' is not a number");
        Refused("label word", row + "\nfive" + row[1..], "line 2: label 'five' is not a number");
        Refused("label word first", "five" + row[1..], "line 1: label 'five' is not a number");
        Refused("pixel", "label,p\n" + Row(5, (783, "300")), "line 2: pixel 784 300 is not a whole number in 0–255");
        Refused("negative", Row(5, (2, "-1")), "pixel 3 -1 is not a whole number in 0–255");
        Refused("fraction", Row(5, (2, "0.5")), "pixel 3 0.5 is not a whole number in 0–255");
        Refused("huge", Row(5, (2, "4294967296")), "pixel 3 4294967296 is not a whole number in 0–255");
        Refused("label", row + "\n\n" + Row(11), "line 3: label 11 is not a whole number in 0–9");
        Refused("empty", "", "no rows");
        Refused("header", "label,pixel0\n", "no rows");
        Refused("endless", row + "\n" + new string('1', 1 << 17), "line 2: longer than");
        Refused("missing", null, "no such file");
    }

    private void Refused(string name, string? text, string reason)
    {
        string path = folder.File(name + ".csv");
        if (text is not null)
            File.WriteAllText(path, text);
        var error = Assert.Throws<BadInputException>(() => Csv.Read(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    //  A label and 784 zeros, some pixels replaced.
    private static string Row(int label, params (int Pixel, string Value)[] changes)
    {
        string[] cells = [.. Enumerable.Repeat("0", 784)];
        foreach (var (pixel, value) in changes)
            cells[pixel] = value;
        return $"{label},{string.Join(',', cells)}";
    }
}
