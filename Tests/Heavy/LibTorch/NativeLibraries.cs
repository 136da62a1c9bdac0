using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace NativeNN.Tests.LibTorch;

/// <summary>
/// Loads LibTorch's libraries before TorchSharp does, whose own message for whatever goes wrong is that a package was not restored.
/// </summary>
/// <remarks>
/// TorchSharp's library was linked against GCC 13's libstdc++ and asks for its version GLIBCXX_3.4.32; Debian 12's ends at 3.4.30. The
/// one symbol behind that version (ios_base_library_init) exists to be asked for and is never called. Where loading fails for it, version
/// and symbol are marked weak in the copy beside the program, and the loader lets a weak one be missing.
/// </remarks>
internal static class NativeLibraries
{
    private const string MissingVersion = "GLIBCXX_3.4.32";

    // Numbers of the ELF format, 64 bits: section types, the flag of a version that may be missing, the binding of such a symbol.
    private const uint DynamicSymbols = 11, NeededVersions = 0x6ffffffe, SymbolVersions = 0x6fffffff;
    private const ushort WeakVersion = 2;
    private const byte WeakBinding = 2 << 4;

    [ModuleInitializer]
    internal static void Load()
    {
        string wrapper = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        try
        {
            NativeLibrary.Load(wrapper);
        }
        catch (DllNotFoundException e) when (e.Message.Contains(MissingVersion))
        {
            byte[] file = File.ReadAllBytes(wrapper);
            MarkWeak(file);
            File.WriteAllBytes(wrapper, file);
            NativeLibrary.Load(wrapper);
        }
        // Sums are added in one order, on any machine.
        TorchSharp.torch.set_num_threads(1);
    }

    private static void MarkWeak(byte[] file)
    {
        var versions = Section(file, NeededVersions);
        var names = SectionNumber(file, versions.Link);
        for (int need = versions.Start, left = versions.Info; left > 0; left--)
        {
            // Elfxx_Verneed: version, count (2 bytes each), file, first auxiliary, next (4 bytes each, offsets from here)
            int count = Word16(file, need + 2);
            for (int one = need + Word32(file, need + 8); count > 0; count--)
            {
                // Elfxx_Vernaux: hash (4), flags (2), the version's number in this file (2), name (4), next (4)
                if (Text(file, names.Start + Word32(file, one + 8)) == MissingVersion)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(one + 4), WeakVersion);
                    MarkSymbolsWeak(file, number: Word16(file, one + 6));
                }
                one += Word32(file, one + 12);
            }
            need += Word32(file, need + 12);
        }
    }

    private static void MarkSymbolsWeak(byte[] file, int number)
    {
        const int SymbolSize = 24, InfoOffset = 4, TypeMask = 15;
        var (symbols, versions) = (Section(file, DynamicSymbols), Section(file, SymbolVersions));
        for (int i = 0; i < symbols.Size / SymbolSize; i++)
            if (Word16(file, versions.Start + 2 * i) == number)
            {
                ref byte info = ref file[symbols.Start + i * SymbolSize + InfoOffset];
                info = (byte)(WeakBinding | (info & TypeMask));
            }
    }

    private readonly record struct ElfSection(uint Type, int Start, int Size, int Link, int Info);

    private static ElfSection Section(byte[] file, uint type) =>
        Enumerable.Range(0, Word16(file, 60)).Select(i => SectionNumber(file, i)).First(s => s.Type == type);

    // The ELF header has the section table's offset at 40, the size of an entry at 58 and their number at 60.
    private static ElfSection SectionNumber(byte[] file, int number)
    {
        int header = Word32(file, 40) + number * Word16(file, 58);
        return new((uint)Word32(file, header + 4), Word32(file, header + 24), Word32(file, header + 32), Word32(file, header + 40),
            Word32(file, header + 44));
    }

    private static int Word16(byte[] file, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(offset));

    private static int Word32(byte[] file, int offset) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(offset));

    private static string Text(byte[] file, int offset) =>
        Encoding.ASCII.GetString(file, offset, Array.IndexOf(file, (byte)0, offset) - offset);
}
