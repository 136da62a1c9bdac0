using System.Text;
using NativeNN.Data;

namespace NativeNN.Tests.Data;

public sealed class CsvTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "\n", "")]
    [InlineData("label,pixels\n", "\r\n", "\r\n")]
    [InlineData("\uFEFFlabel,pixels\n", "\n", "\n\n")]
    [InlineData("class,pixels\r\n", "\n", "\n")]
    [InlineData("Digit,pixels\r", "\r", "\r")]
    public void ReadsRowsWithAndWithoutAHeader(string header, string newline, string end)
    {
        string[] rows = [Row(7, (0, "255"), (783, "12")), Row(0, (1, " 3 ")), Row(9)];
        string text = header.Replace("pixels", Names) + string.Join(newline, rows) + end;
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
        Refused("short", row + "\n" + row[..^2] + "\n", "line 2: 784 cells, 785 are needed");
        Refused("short first", row[..^2] + "\n", "28×28 pixels without a label");
        Refused("long", row + "\n" + row + "\n" + row + ",0", "line 3: more than 785 cells");
        Refused("word", row + "\n" + Row(5, (9, "black")), "line 2: pixel 10 'black' is not a number");
        Refused("word first", Row(5, (9, "black")), "line 1: pixel 10 'black' is not a number");
        Refused("empty cell", Row(5, (0, "")), "line 1: pixel 1 '' is not a number");
        Refused("label word", row + "\nfive" + row[1..], "line 2: label 'five' is not a number");
        Refused("label word first", "five" + row[1..], "line 1: label 'five' is not a number");
        Refused("pixel", $"label,{Names}\n" + Row(5, (783, "300")), "line 2: pixel 784 300 is not a whole number in 0–255");
        Refused("negative", Row(5, (2, "-1")), "pixel 3 -1 is not a whole number in 0–255");
        Refused("fraction", row + "\n" + Row(5, (2, "0.5"), (1, "7")),
            "line 2: pixel 3 0.5 is not a whole number in 0–255, but line 2 has 7");
        Refused("fraction before", Row(5, (2, "0.5")) + "\n" + Row(5, (1, "7")), "line 2: pixel 2 is 7, but others are fractions of 1");
        Refused("fraction above 1", Row(5, (2, "12.5")), "pixel 3 12.5 is not a whole number in 0–255");
        Refused("not finite", Row(5, (2, "NaN")), "pixel 3 'NaN' is not a number");
        Refused("huge", Row(5, (2, "4294967296")), "pixel 3 4294967296 is not a whole number in 0–255");
        Refused("label", row + "\n\n" + Row(256), "line 3: label 256 is not a whole number in 0–255");
        Refused("half a label", "0.5" + row[1..], "line 1: label 0.5 is not a whole number in 0–255");
        Refused("empty", "", "empty");
        Refused("blank", "\n \n", "no rows");
        Refused("header", $"label,{Names}\n", "no rows");
        Refused("endless", row + "\n" + new string('1', 1 << 21), "line 2: longer than");
        Refused("narrow", "1,2,3\n", "a label and 2 pixels make no square");
        Refused("label last", Row(5, (0, "7")) + "\n" + "200" + row[1..], "the first column goes up to 200; pixels, or labels?");
        Refused("missing", null, "no such file");
    }

    [Theory]
    [InlineData("label,a,b,c,d", "7,0,255,12,3", "3,0,0,0,0")]
    [InlineData("a,b,c,d,class", "0,255,12,3,7", "0,0,0,0,3")]                         // OpenML's order
    [InlineData("a,b,Y,c,d", "0,255,7,12,3", "0,0,3,0,0")]
    [InlineData(",label,a,b,c,d", "1,7,0,255,12,3", "2,3,0,0,0,0")]                    // an index column
    [InlineData("id,a,b,c,d,target", "x,0,255,12,3,7", "y,0,0,0,0,3")]
    [InlineData("label;a;b;c;d", "7;0;255;12;3", "3;0;0;0;0")]
    [InlineData("label\ta\tb\tc\td", "7\t0\t255\t12\t3", "3\t0\t0\t0\t0")]
    [InlineData("label,a,b,c,d,", "7,0,255,12,3,", "3,0,0,0,0,")]                      // a comma at the end of each line
    [InlineData("\"label\",\"a\",\"b, c\",\"c\",d", "\"7\",\"0\",\"255\",12, \"3\" ", "3,0,0,0,0")]
    [InlineData("label,a,b,c,d", "7.0,0e0,2.55e+02,1.2e1,3.000", "3,0,0,0,0")]
    [InlineData("label;a;b;c;d", "7,0;0;255,0;12;3", "3;0;0;0;0")]                     // decimal commas
    public void FindsTheLabelsAndReadsWhatSpreadsheetsWrite(string header, string first, string second)
    {
        string text = $"{header}\n{first}\n{second}\n";
        foreach (var encoding in new Encoding[] { new UTF8Encoding(), Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            var set = Csv.Read(folder.Write("a.csv", [.. encoding.Preamble, .. encoding.GetBytes(text)]));
            Assert.Equal([7, 3], set.Labels);
            Assert.Equal([0, 255, 12, 3, 0, 0, 0, 0], set.Pixels);
            Assert.Equal((2, 2), (set.Rows, set.Columns));
        }
        Assert.Equal([7, 3], Csv.Read(folder.Write("b.csv", Encoding.Unicode.GetBytes(text))).Labels); // no byte order mark
    }

    [Theory]
    [InlineData("zahl", 7)]
    [InlineData("ZAHL", 7)]
    [InlineData("5", 7)]
    [InlineData("1", 3)]
    public void TheLabelColumnCanBeChosen(string column, int label)
    {
        string path = folder.Write("a.csv", "a,b,c,d,zahl\n3,0,1,2,7\n"u8.ToArray());
        Assert.Equal([label], Csv.Read(path, column).Labels.Select(l => (int)l));
        Assert.Equal([9], Csv.Read(folder.Write("b.csv", "200,0,1,2,9\n"u8.ToArray()), "5").Labels);
    }

    [Fact]
    public void WhatIsNotClearIsAskedFor()
    {
        string path = folder.Write("a.csv", "a,b,c,d,zahl\n3,0,1,2,7\n"u8.ToArray());
        string message = Assert.Throws<BadInputException>(() => Csv.Read(path)).Message;
        Assert.Contains("a, b, c, d, zahl", message);
        Assert.Contains("--label-column", message);
        Assert.Contains("none of the 5 columns: a, b, c, d, zahl", Assert.Throws<BadInputException>(() => Csv.Read(path, "6")).Message);
        Refused("two", "label,b,c,d,class\n3,0,1,2,7\n", "several columns are called label");
    }

    [Theory]
    [InlineData("0.5,0,1,0.25", new byte[] { 128, 0, 255, 64 })]
    [InlineData("0,1,1,0", new byte[] { 0, 255, 255, 0 })] // black and white
    [InlineData("0,2,1,0", new byte[] { 0, 2, 1, 0 })]
    public void PixelsOf0To1AreStretched(string pixels, byte[] expected)
    {
        var set = Csv.Read(folder.Write("a.csv", Encoding.ASCII.GetBytes($"3,1,0,1,0\n4,{pixels}\n")));
        bool stretched = expected.Contains((byte)255);
        Assert.Equal(stretched ? [255, 0, 255, 0] : [1, 0, 1, 0], set.Image(0).ToArray());
        Assert.Equal(expected, set.Image(1).ToArray());
        Assert.Equal(stretched, set.Remarks.Any(r => r.Contains("times 255")));
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

    private static string Names => string.Join(',', Enumerable.Range(1, 784).Select(k => $"pixel{k}"));

    //  A label and 784 zeros, some pixels replaced.
    private static string Row(int label, params (int Pixel, string Value)[] changes)
    {
        string[] cells = [.. Enumerable.Repeat("0", 784)];
        foreach (var (pixel, value) in changes)
            cells[pixel] = value;
        return $"{label},{string.Join(',', cells)}";
    }
}
