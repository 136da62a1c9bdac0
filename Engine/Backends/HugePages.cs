using System.Runtime.InteropServices;

namespace NativeNN.Backends;

/// <summary>
/// Asks Linux to back a large buffer with pages of 2 MB instead of 4 KB. A shuffled batch touches the data set at random, and with small
/// pages each row first waits for the translation of its address.
/// </summary>
internal static unsafe partial class HugePages
{
    private const nuint PageBytes = 2 << 20;
    private const int MadviseHugePage = 14;

    /// <summary>A hint: nothing depends on whether the system follows it.</summary>
    public static void Ask(void* start, nuint bytes)
    {
        if (bytes < 4 * PageBytes || !OperatingSystem.IsLinux())
            return;
        nuint first = ((nuint)start + PageBytes - 1) & ~(PageBytes - 1), end = ((nuint)start + bytes) & ~(PageBytes - 1);
        Madvise((void*)first, end - first, MadviseHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* address, nuint length, int advice);
}
