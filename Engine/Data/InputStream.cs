namespace NativeNN.Data;

/// <summary>
/// What a file holds, unpacked, from front to end: its first bytes can be looked at before they are read, and no more comes out than the
/// limit.
/// </summary>
internal sealed class InputStream : Stream
{
    private const int LongestStart = 512;

    private readonly Stream inner;
    private readonly string path;
    private readonly long limit;
    private readonly byte[] start;

    public InputStream(Stream inner, string path, long limit)
    {
        (this.inner, this.path, this.limit) = (inner, path, limit);
        byte[] first = new byte[LongestStart];
        start = first[..inner.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
    }

    /// <summary>The first bytes, up to 512, whether read or not.</summary>
    public ReadOnlySpan<byte> Start => start;

    /// <summary>How many bytes have been read.</summary>
    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => Count; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int got = (int)Math.Min(buffer.Length, Math.Max(0, start.Length - Count));
        if (got > 0)
            start.AsSpan((int)Count, got).CopyTo(buffer);
        else
            got = inner.Read(buffer);
        Count += got;
        return Count <= limit ? got : throw new BadInputException(
            $"{path}: unpacks to more than {limit} bytes, which no images do in a file of this size; get the file again.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
