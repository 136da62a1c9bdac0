using NativeNN.Experiments.Running;

namespace NativeNN.Tests.Running;

public class LiveLinesTests
{
    private readonly StringWriter terminal = new();

    [Fact]
    public void LinesTakeThePlaceOfThoseBefore()
    {
        var lines = new LiveLines(terminal);
        lines.Draw(["one", "two"], width: 40, height: 24);
        lines.Draw(["three"], width: 40, height: 24);
        lines.Above(() => terminal.Write("said\n"), width: 40, height: 24);
        lines.Keep();
        lines.Draw(["four"], width: 40, height: 24);
        Assert.Equal("one\ntwo" + "\r\e[1A\e[J" + "three" + "\r\e[J" + "said\n" + "three" + "\n" + "four", terminal.ToString());
    }

    [Fact]
    public void NoLineIsWiderAndTheyAreNoMoreThanTheTerminalHas()
    {
        new LiveLines(terminal).Draw(["123456789", "123456789", "1234567890", "more"], width: 10, height: 4);
        Assert.Equal("123456789\n123456789\n123456789", terminal.ToString());
    }

    [Fact]
    public void ANarrowerTerminalHasBrokenThemAnew()
    {
        var lines = new LiveLines(terminal);
        lines.Draw(["123456789", "12345"], width: 10, height: 24);
        lines.Draw([], width: 5, height: 24); // now 5 + 4 characters, and 5
        Assert.EndsWith("\r\e[2A\e[J", terminal.ToString());
    }
}
