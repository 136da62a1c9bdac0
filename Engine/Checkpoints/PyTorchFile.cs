using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using NativeNN.Data;

namespace NativeNN.Checkpoints;

/// <summary>
/// The tensors of a file by <c>torch.save</c> (.pt, .pth; PyTorch 1.6 and later): a zip archive in which <c>data.pkl</c> says what there is
/// and <c>data/0</c>, <c>data/1</c>, … hold the values. Nothing of the pickle is executed (<see cref="Pickle"/>), and what is allocated is
/// bounded by the file's length.
/// </summary>
public static class PyTorchFile
{
    private const int DeepestNesting = 16, MostDimensions = 64;

    // A tensor may be a view that repeats its storage; so much is allowed beyond one value for each byte of the file.
    private const int Headroom = 1 << 20;

    // Before 1.6 torch.save wrote pickles one after the other; the first is this number.
    private static ReadOnlySpan<byte> LegacyStart => [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    private static ReadOnlySpan<byte> ZipStart => "PK\u0003\u0004"u8;

    /// <summary>
    /// The tensors by name; those in dicts inside the saved one are named "model.fc1.weight", and what is no tensor is left out. float16,
    /// bfloat16 and float64 become float32, smaller integers int64, bool uint8. Throws BadInputException if the file is missing or damaged,
    /// or its pickle asks for anything but tensors, which is then named.
    /// </summary>
    public static IReadOnlyDictionary<string, SavedTensor> Read(string path) => InputFile.ReadRaw(path, file =>
    {
        byte[] start = Start(file);
        if (start.AsSpan().SequenceEqual(LegacyStart))
            throw Bad(path, "saved in the format of before PyTorch 1.6, which is not read; load it in PyTorch and save it again");
        if (!start.AsSpan().StartsWith(ZipStart))
            throw Bad(path, "no file of PyTorch's: it does not start as a zip archive");
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            return new Reading(path, archive, file.Length).Tensors();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new BadInputException($"{path}: the zip archive is damaged or cut off; get the file again.", e);
        }
    });

    /// <summary>Whether the file starts like one of torch.save's, of today or of before PyTorch 1.6.</summary>
    internal static bool IsOne(string path) => InputFile.ReadRaw(path, Start) is var start
        && (start.AsSpan().StartsWith(ZipStart) || start.AsSpan().SequenceEqual(LegacyStart));

    private static byte[] Start(FileStream file)
    {
        byte[] start = new byte[LegacyStart.Length];
        int got = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return start[..got];
    }

    private static BadInputException Bad(string path, string what) => new($"{path}: {what}.");

    private sealed class Reading(string path, ZipArchive archive, long fileLength)
    {
        private readonly Dictionary<string, byte[]> storages = [];
        private readonly Dictionary<Pickle.TensorView, SavedTensor> views = [];
        private readonly Dictionary<string, SavedTensor> tensors = [];
        private long valuesLeft = fileLength + Headroom, lettersLeft = fileLength + Headroom;
        private string folder = "";

        public IReadOnlyDictionary<string, SavedTensor> Tensors()
        {
            var pickles = archive.Entries.Where(e => e.Name == "data.pkl").Take(2).ToList();
            if (pickles.Count != 1)
                throw Bad(path, "no file of torch.save: a zip archive without its data.pkl");
            folder = pickles[0].FullName[..^"data.pkl".Length];
            if (archive.GetEntry(folder + "byteorder") is { } order && !Bytes(order).AsSpan().SequenceEqual("little"u8))
                throw Bad(path, "saved on a big-endian machine; save it again on another");
            object? root;
            try
            {
                root = Pickle.Load(Bytes(pickles[0]));
            }
            catch (InvalidDataException e)
            {
                throw new BadInputException($"{path}: {e.Message}.", e);
            }
            if (root is not Pickle.Dict dict)
                throw Bad(path, $"holds {Pickle.Describe(root)}, not a dict of tensors; save net.state_dict()");
            Collect("", dict, depth: 0);
            return tensors;
        }

        private void Collect(string prefix, Pickle.Dict dict, int depth)
        {
            if (depth > DeepestNesting)
                throw Bad(path, $"dicts lie more than {DeepestNesting} deep in one another");
            foreach (var (key, value) in dict.Items)
            {
                string name = prefix + Naming(key);
                lettersLeft -= name.Length + 1;
                if (lettersLeft < 0)
                    throw Bad(path, "a dict appears in itself or in too many others");
                if (value is Pickle.Dict inner)
                    Collect(name + ".", inner, depth + 1);
                else if (value is Pickle.TensorView view && !tensors.TryAdd(name, Values(name, view)))
                    throw Bad(path, $"two tensors are called '{name}'");
            }
        }

        private static string Naming(object key) => Convert.ToString(key, CultureInfo.InvariantCulture)!;

        private SavedTensor Values(string name, Pickle.TensorView view)
        {
            if (views.TryGetValue(view, out var known))
                return known;
            var (storage, offset, sizes, strides) = view;
            string what = $"'{name}' of sizes [{string.Join(", ", sizes)}] and strides [{string.Join(", ", strides)}]";
            if (sizes.Length != strides.Length || sizes.Length > MostDimensions || offset < 0 || sizes.Any(s => s is < 0 or > int.MaxValue)
                || strides.Any(s => s < 0))
                throw Bad(path, $"{what} is no view of a storage");
            // The last element of the view lies inside the storage: in 128 bits, for the numbers may be anything.
            bool empty = sizes.Contains(0);
            Int128 last = offset, count = empty ? 0 : 1;
            for (int d = 0; d < sizes.Length && !empty; d++)
            {
                last += (Int128)(sizes[d] - 1) * strides[d];
                count *= sizes[d];
                if (count > valuesLeft || last >= storage.Count)
                    throw Bad(path, $"{what} is larger than the file or its storage of {storage.Count} values");
            }
            if (!empty && last >= storage.Count)
                throw Bad(path, $"{what} starts after the end of its storage of {storage.Count} values");
            valuesLeft -= (long)count;
            return views[view] = Converted(StorageOf(storage), storage.Type, [.. sizes.Select(s => (int)s)],
                Positions(offset, sizes, strides, (int)count));
        }

        // The place in the storage of each element, row by row: the last index runs fastest.
        private static IEnumerable<long> Positions(long offset, long[] sizes, long[] strides, int count)
        {
            long[] index = new long[sizes.Length];
            long position = offset;
            for (int i = 0; i < count; i++)
            {
                yield return position;
                for (int d = sizes.Length - 1; d >= 0; d--)
                {
                    position += strides[d];
                    if (++index[d] < sizes[d])
                        break;
                    position -= strides[d] * sizes[d];
                    index[d] = 0;
                }
            }
        }

        private static SavedTensor Converted(byte[] bytes, StorageType type, int[] shape, IEnumerable<long> positions)
        {
            int size = type.Size();
            SavedTensor Floats(Func<ReadOnlySpan<byte>, float> read) =>
                new(shape, positions.Select(p => read(bytes.AsSpan((int)p * size, size))).ToArray());
            SavedTensor Longs(Func<ReadOnlySpan<byte>, long> read) =>
                new(shape, positions.Select(p => read(bytes.AsSpan((int)p * size, size))).ToArray());
            return type switch
            {
                StorageType.Float => Floats(BinaryPrimitives.ReadSingleLittleEndian),
                StorageType.Double => Floats(b => (float)BinaryPrimitives.ReadDoubleLittleEndian(b)),
                StorageType.Half => Floats(b => (float)BinaryPrimitives.ReadHalfLittleEndian(b)),
                // The upper half of a float32.
                StorageType.BFloat16 => Floats(b => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(b) << 16)),
                StorageType.Long => Longs(BinaryPrimitives.ReadInt64LittleEndian),
                StorageType.Int => Longs(b => BinaryPrimitives.ReadInt32LittleEndian(b)),
                StorageType.Short => Longs(b => BinaryPrimitives.ReadInt16LittleEndian(b)),
                StorageType.Char => Longs(b => (sbyte)b[0]),
                _ => new SavedTensor(shape, positions.Select(p => bytes[p]).ToArray()),
            };
        }

        private byte[] StorageOf(Pickle.Storage storage)
        {
            if (!storages.TryGetValue(storage.Key, out byte[]? bytes))
            {
                var entry = archive.GetEntry($"{folder}data/{storage.Key}") ?? throw Bad(path, $"lacks the storage data/{storage.Key}");
                storages.Add(storage.Key, bytes = Bytes(entry));
            }
            return bytes.Length == (Int128)storage.Count * storage.Type.Size()
                ? bytes
                : throw Bad(path, $"the storage data/{storage.Key} has {bytes.Length} bytes, "
                    + $"not {storage.Count} values of type {storage.Type}");
        }

        // torch.save does not compress, so an entry is no longer than the file: no archive of a few bytes unpacks to gigabytes.
        private byte[] Bytes(ZipArchiveEntry entry)
        {
            if (entry.CompressedLength != entry.Length || entry.Length > Math.Min(fileLength, Array.MaxLength))
                throw Bad(path, $"{entry.FullName} is compressed, as torch.save never does, or over {Array.MaxLength} bytes");
            byte[] bytes = new byte[entry.Length];
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
            return bytes;
        }
    }
}
