using System.Diagnostics;
using NativeNN.Gpu;
using NativeNN.Tests.Backends;

namespace NativeNN.Tests.Gpu;

/// <summary>
/// Several threads ask for devices before anyone has: a driver sets itself up once in a process, so each try needs a process of its own.
/// </summary>
[Collection(DeviceTests.Name)]
public sealed class ThreadTests
{
    private const int Tries = 3, Threads = 4;

    [SkippableFact]
    public async Task Threads_that_open_a_device_at_the_same_time_all_get_it()
    {
        TestDevices.Require("opencl as CPU");
        for (int i = 0; i < Tries; i++)
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(ThreadTests).Assembly.Location, "threads", "opencl"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal((0, "7 7 7 7", ""), (process.ExitCode, output.Trim(), (await errors).Trim()));
        }
    }

    /// <summary>What the processes do: on each thread a backend of its own fills a cell and reads it.</summary>
    internal static int OpenFromFourThreads(string name)
    {
        var values = new float[Threads];
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            var device = (GpuBackend)GpuDevices.Open(name, Tensor.DefaultBackend);
            var cell = device.Allocate(1);
            device.Fill(cell, 7, count: 1);
            values[i] = new Rig(device).Get(cell, 1)[0];
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Console.WriteLine(string.Join(' ', values));
        return 0;
    }
}
