using NativeNN.Data;

namespace NativeNN.Tests.Data;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ReplacesAFile()
    {
        string path = folder.File("a");
        AtomicFile.Write(path, file => file.Write([1, 2, 3]));
        AtomicFile.Write(path, file => file.Write([4]));
        Assert.Equal([4], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void AnErrorHalfwayLeavesTheOldFileAndNothingElse()
    {
        string path = folder.File("a");
        AtomicFile.Write(path, file => file.Write([1, 2, 3]));
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, file =>
        {
            file.Write([4]);
            throw new InvalidOperationException();
        }));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void WhereItCannotBeRenamedNothingIsLeft()
    {
        Directory.CreateDirectory(folder.File("a folder"));
        var error = Record.Exception(() => AtomicFile.Write(folder.File("a folder"), file => file.Write([1])));
        Assert.True(error is IOException or UnauthorizedAccessException);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
