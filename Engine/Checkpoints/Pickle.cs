using System.Buffers.Binary;
using System.Text;

namespace NativeNN.Checkpoints;

/// <summary>
/// Reads a pickle of protocol 2 in which torch.save described tensors. A pickle is a program for a machine with a stack; Python's runs
/// whatever function it names. This one knows five names, all of which make a dict or a tensor, and those of storages; it refuses any other
/// by its name, and every opcode that torch.save does not write for tensors, too. https://docs.python.org/3/library/pickletools.html
/// </summary>
internal sealed class Pickle
{
    private static readonly object Mark = new();

    private static readonly string[] MakersOfTensors =
    [
        "collections.OrderedDict", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor", "torch._utils._rebuild_parameter",
        "torch.Size",
    ];

    private readonly byte[] code;
    private readonly List<object?> stack = [];
    private readonly Dictionary<uint, object?> memo = [];
    private int at;

    private Pickle(byte[] code) => this.code = code;

    /// <summary>Values in one piece: their type, their entry data/key, and how many.</summary>
    public sealed record Storage(StorageType Type, string Key, long Count);

    /// <summary>Element [i, j, …] is the storage's number offset + i·strides[0] + j·strides[1] + ….</summary>
    public sealed class TensorView(Storage storage, long offset, long[] sizes, long[] strides)
    {
        public void Deconstruct(out Storage ofStorage, out long first, out long[] shape, out long[] steps) =>
            (ofStorage, first, shape, steps) = (storage, offset, sizes, strides);
    }

    /// <summary>A dict or an OrderedDict, in the order it was filled.</summary>
    public sealed class Dict
    {
        public OrderedDictionary<object, object?> Items { get; } = [];
    }

    private sealed record Global(string Name);

    private sealed class Tuple(object?[] items)
    {
        public object?[] Items => items;
    }

    // What a list holds is never asked for, but the pickle may fill it.
    private sealed class PythonList;

    /// <summary>The object that the pickle makes. Throws InvalidDataException, saying in a few words what it is not.</summary>
    public static object? Load(byte[] code)
    {
        var pickle = new Pickle(code);
        while (true)
        {
            var opcode = (Opcode)pickle.Byte();
            if (opcode == Opcode.STOP)
                return pickle.Pop();
            pickle.Run(opcode);
        }
    }

    /// <summary>What an object is, in a message.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        TensorView => "a single tensor",
        Tuple or PythonList => "a list or tuple",
        Global global => $"'{global.Name}'",
        _ => "a number or text",
    };

    private void Run(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.PROTO:
                if (Byte() is var protocol and not 2)
                    throw new InvalidDataException($"its pickle has protocol {protocol}; only 2, torch.save's own, is read");
                break;
            case Opcode.MARK: Push(Mark); break;
            case Opcode.NONE: Push(null); break;
            case Opcode.NEWTRUE: Push(true); break;
            case Opcode.NEWFALSE: Push(false); break;
            case Opcode.BININT1: Push((long)Byte()); break;
            case Opcode.BININT2: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case Opcode.BININT: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case Opcode.LONG1: Push(Long(Take(Byte()))); break;
            case Opcode.BINFLOAT: Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case Opcode.BINUNICODE: Push(Text(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))))); break;
            case Opcode.SHORT_BINSTRING: Push(Text(Take(Byte()))); break;
            case Opcode.EMPTY_DICT: Push(new Dict()); break;
            case Opcode.EMPTY_LIST: Push(new PythonList()); break;
            case Opcode.EMPTY_TUPLE: Push(new Tuple([])); break;
            case Opcode.TUPLE1: Push(new Tuple([Pop()])); break;
            case Opcode.TUPLE2: Push(new Tuple(PopMany(2))); break;
            case Opcode.TUPLE3: Push(new Tuple(PopMany(3))); break;
            case Opcode.TUPLE: Push(new Tuple(PopToMark())); break;
            case Opcode.BINPUT: memo[Byte()] = Top(); break;
            case Opcode.LONG_BINPUT: memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(); break;
            case Opcode.BINGET: Push(Recall(Byte())); break;
            case Opcode.LONG_BINGET: Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case Opcode.SETITEM: SetItems(PopMany(2)); break;
            case Opcode.SETITEMS: SetItems(PopToMark()); break;
            case Opcode.APPEND: Pop(); As<PythonList>(Top()); break;
            case Opcode.APPENDS: PopToMark(); As<PythonList>(Top()); break;
            // The state of an OrderedDict (its _metadata) says nothing about the tensors.
            case Opcode.BUILD: Pop(); As<Dict>(Top()); break;
            case Opcode.GLOBAL: Push(Allowed($"{Line()}.{Line()}")); break;
            case Opcode.BINPERSID: Push(StorageOf(As<Tuple>(Pop()))); break;
            case Opcode.REDUCE: Call(); break;
            default:
                throw new InvalidDataException($"its pickle has the opcode {opcode} (byte {at - 1}), which torch.save does not write for "
                    + "tensors; only they are read: save net.state_dict()");
        }
    }

    // Where Python would import any module.
    private static Global Allowed(string name) => MakersOfTensors.Contains(name) || TypeOf(name) is not null
        ? new Global(name)
        : throw new InvalidDataException($"its pickle wants '{Shorten(name)}', which is not read or run here; "
            + "only tensors are: save net.state_dict(), with numbers as .float()");

    // Where Python would call any function.
    private void Call()
    {
        object?[] arguments = As<Tuple>(Pop()).Items;
        string name = As<Global>(Pop()).Name;
        object? made = (name, arguments) switch
        {
            ("collections.OrderedDict", []) => new Dict(),
            // storage, offset, sizes, strides, requires_grad, backward_hooks
            ("torch._utils._rebuild_tensor_v2", [Storage storage, long offset, Tuple sizes, Tuple strides, ..]) =>
                new TensorView(storage, offset, Numbers(sizes), Numbers(strides)),
            ("torch._utils._rebuild_tensor", [Storage storage, long offset, Tuple sizes, Tuple strides]) =>
                new TensorView(storage, offset, Numbers(sizes), Numbers(strides)),
            ("torch._utils._rebuild_parameter", [TensorView tensor, ..]) => tensor,
            ("torch.Size", [Tuple sizes]) => sizes,
            _ => throw new InvalidDataException($"its pickle calls '{name}' with arguments that torch.save does not write"),
        };
        Push(made);
    }

    // ('storage', torch.FloatStorage, key, location, how many)
    private static Storage StorageOf(Tuple id) => id.Items is ["storage", Global global, string key, _, long count]
        && TypeOf(global.Name) is { } type && count >= 0
        ? new Storage(type, key, count)
        : throw new InvalidDataException("its pickle refers to something that is no storage of values");

    private static StorageType? TypeOf(string name)
    {
        foreach (var type in Enum.GetValues<StorageType>())
            if (name == $"torch.{type}Storage")
                return type;
        return null;
    }

    private void SetItems(object?[] keysAndValues)
    {
        var dict = As<Dict>(Top());
        if (keysAndValues.Length % 2 != 0)
            throw Damaged();
        for (int i = 0; i < keysAndValues.Length; i += 2)
            dict.Items[keysAndValues[i] is string or long or double or bool ? keysAndValues[i]! : new object()] = keysAndValues[i + 1];
    }

    private static long[] Numbers(Tuple tuple) => [.. tuple.Items.Select(item => item is long number ? number : throw Damaged())];

    private void Push(object? value) => stack.Add(value);

    private object? Top() => stack.Count > 0 && stack[^1] != Mark ? stack[^1] : throw Damaged();

    private object? Pop() => PopMany(1)[0];

    private object?[] PopMany(int count)
    {
        int start = stack.Count - count;
        if (start < 0)
            throw Damaged();
        object?[] items = [.. stack[start..]];
        if (items.Contains(Mark))
            throw Damaged();
        stack.RemoveRange(start, count);
        return items;
    }

    private object?[] PopToMark()
    {
        int mark = stack.LastIndexOf(Mark);
        if (mark < 0)
            throw Damaged();
        object?[] items = [.. stack[(mark + 1)..]];
        stack.RemoveRange(mark, stack.Count - mark);
        return items;
    }

    private object? Recall(uint index) => memo.TryGetValue(index, out object? value) ? value : throw Damaged();

    private static T As<T>(object? value)
        where T : class => value as T ?? throw Damaged();

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count > code.Length - at)
            throw new InvalidDataException($"its pickle ends early, at byte {code.Length}");
        at += (int)count;
        return code.AsSpan(at - (int)count, (int)count);
    }

    private string Line()
    {
        int length = code.AsSpan(at).IndexOf((byte)'\n');
        string line = Text(Take(length < 0 ? long.MaxValue : length));
        at++;
        return line;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    // Two's complement, little-endian, of any length.
    private static long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > sizeof(long))
            throw new InvalidDataException($"its pickle has a number of {bytes.Length} bytes");
        long value = bytes.Length > 0 && bytes[^1] >= 0x80 ? -1 : 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
            value = value << 8 | bytes[i];
        return value;
    }

    private static string Shorten(string text) =>
        new([.. (text.Length <= 60 ? text : text[..60] + "…").Select(c => char.IsControl(c) ? '?' : c)]);

    private static InvalidDataException Damaged() => new("its pickle is damaged");

    // Those that are read, and the rest of protocols 0 to 5 for their names in messages, as pickletools has them.
    private enum Opcode : byte
    {
        MARK = (byte)'(', STOP = (byte)'.', POP = (byte)'0', POP_MARK = (byte)'1', DUP = (byte)'2', FLOAT = (byte)'F', INT = (byte)'I',
        BININT = (byte)'J', BININT1 = (byte)'K', LONG = (byte)'L', BININT2 = (byte)'M', NONE = (byte)'N', PERSID = (byte)'P',
        BINPERSID = (byte)'Q', REDUCE = (byte)'R', STRING = (byte)'S', BINSTRING = (byte)'T', SHORT_BINSTRING = (byte)'U',
        UNICODE = (byte)'V', BINUNICODE = (byte)'X', APPEND = (byte)'a', BUILD = (byte)'b', GLOBAL = (byte)'c', DICT = (byte)'d',
        EMPTY_DICT = (byte)'}', APPENDS = (byte)'e', GET = (byte)'g', BINGET = (byte)'h', INST = (byte)'i', LONG_BINGET = (byte)'j',
        LIST = (byte)'l', EMPTY_LIST = (byte)']', OBJ = (byte)'o', PUT = (byte)'p', BINPUT = (byte)'q', LONG_BINPUT = (byte)'r',
        SETITEM = (byte)'s', TUPLE = (byte)'t', EMPTY_TUPLE = (byte)')', SETITEMS = (byte)'u', BINFLOAT = (byte)'G', PROTO = 0x80,
        NEWOBJ = 0x81, EXT1 = 0x82, EXT2 = 0x83, EXT4 = 0x84, TUPLE1 = 0x85, TUPLE2 = 0x86, TUPLE3 = 0x87, NEWTRUE = 0x88,
        NEWFALSE = 0x89, LONG1 = 0x8a, LONG4 = 0x8b, SHORT_BINUNICODE = 0x8c, BINUNICODE8 = 0x8d, BINBYTES8 = 0x8e, EMPTY_SET = 0x8f,
        ADDITEMS = 0x90, FROZENSET = 0x91, NEWOBJ_EX = 0x92, STACK_GLOBAL = 0x93, MEMOIZE = 0x94, FRAME = 0x95, BYTEARRAY8 = 0x96,
        NEXT_BUFFER = 0x97, READONLY_BUFFER = 0x98,
    }
}
