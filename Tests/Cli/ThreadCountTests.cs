using NativeNN.Data;
using NativeNN.Experiments.Cli;

namespace NativeNN.Tests.Cli;

public class ThreadCountTests
{
    [Fact]
    public void MoreThanThereAreProcessorsIsCutToThemAndSaid()
    {
        var said = new List<string>();
        Assert.Equal(Environment.ProcessorCount, ThreadCount.Of(2_000_000_000, said.Add));
        string line = Assert.Single(said);
        Assert.Contains("--threads 2000000000", line);
        Assert.EndsWith($"so {Environment.ProcessorCount}", line);
    }

    [Fact]
    public void UpToTheProcessorsIsTakenAsItIs()
    {
        foreach (int threads in new[] { 1, Environment.ProcessorCount })
            Assert.Equal(threads, ThreadCount.Of(threads, _ => Assert.Fail("said something")));
        Assert.Throws<BadInputException>(() => ThreadCount.Of(0, _ => { }));
    }
}
