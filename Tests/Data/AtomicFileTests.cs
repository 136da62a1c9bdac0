using System.ComponentModel;
using System.Diagnostics;
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

    [SkippableFact]
    public void ADeviceStaysOne()
    {
        string device = folder.File("device"); // another name of /dev/null
        try
        {
            using var mknod = Process.Start(new ProcessStartInfo("mknod", [device, "c", "1", "3"]) { RedirectStandardError = true })!;
            mknod.WaitForExit();
        }
        catch (Win32Exception)
        {
            // No such program.
        }
        Skip.IfNot(File.Exists(device), "only root can make a device, and only where there is mknod");
        var error = Assert.Throws<IOException>(() => AtomicFile.Write(device, file => file.Write([1])));
        Assert.Contains("is a device or a pipe", error.Message);
        Assert.Equal(0, new FileInfo(device).Length);
        AtomicFile.Write(folder.Write("empty", []), file => file.Write([1]));
        Assert.Equal([1], File.ReadAllBytes(folder.File("empty")));
    }

    [Fact]
    public void WhatADeadWriterLeftIsSweptAndNothingElse()
    {
        string dead = folder.Write($"a.{Guid.NewGuid():N}.tmp", [1]), users = folder.Write("notes.tmp", [2]);
        AtomicFile.Write(folder.File("a"), file =>
        {
            file.Write([3]);
            Assert.Equal(1, AtomicFile.Sweep(folder.Path)); // not the one that is being written
        });
        Assert.False(File.Exists(dead));
        Assert.Equal([folder.File("a"), users], Directory.GetFiles(folder.Path).Order());
        Assert.Equal(0, AtomicFile.Sweep(folder.File("no such folder")));
    }

    [Fact]
    public void WritersOfOneFileDoNotMeet()
    {
        string path = folder.File("a");
        Parallel.For(0, 64, i => AtomicFile.Write(path, file => file.Write(Enumerable.Repeat((byte)i, 100).ToArray())));
        Assert.Single(File.ReadAllBytes(path).Distinct());
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }
}
