using System.IO.Compression;

namespace OrleansCluster.Datasets;

/// <summary>
/// The text within a gzip file, with damage noticed. The decompressor verifies the checksum of every member that ends, but takes a file cut
/// short for one that ends there. So one more member with a known text is put behind the file: a file that is whole ends with that text, and it alone.
/// </summary>
internal sealed class GzipSource : Stream
{
    private static readonly byte[] EndText = "the gzip file was whole"u8.ToArray();
    private static readonly byte[] EndMember = Compress(EndText);

    private readonly GZipStream _text;
    private readonly string _path;
    private readonly byte[] _held = new byte[EndText.Length];
    private int _heldCount;

    public GzipSource(Stream file, string path)
    {
        _path = path;
        _text = new GZipStream(new Followed(file, EndMember), CompressionMode.Decompress);
    }

    public static ReadOnlySpan<byte> Magic => [0x1F, 0x8B];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <param name="buffer">Longer than the end's text, so that something is left when the last bytes are held back.</param>
    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            _held.AsSpan(0, _heldCount).CopyTo(buffer);
            int read = Decompress(buffer[_heldCount..]);
            if (read == 0)
            {
                if (!_held.AsSpan(0, _heldCount).SequenceEqual(EndText))
                    throw Damaged(null);
                return 0;
            }

            int total = _heldCount + read;
            _heldCount = Math.Min(total, _held.Length);
            buffer[(total - _heldCount)..total].CopyTo(_held);
            if (total > _heldCount)
                return total - _heldCount;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _text.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] text)
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Optimal))
            gzip.Write(text);
        return member.ToArray();
    }

    private int Decompress(Span<byte> buffer)
    {
        try
        {
            return _text.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }
    }

    private DataFormatException Damaged(InvalidDataException? cause)
    {
        string message = $"{_path} is a damaged gzip file: it is cut short or changed. Copy or compress it again.";
        return cause is null ? new(message) : new(message, cause);
    }

    /// <summary>A stream with some bytes behind it.</summary>
    private sealed class Followed(Stream first, byte[] last) : Stream
    {
        private readonly MemoryStream _last = new(last);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer) => first.Read(buffer) is var read and > 0 ? read : _last.Read(buffer);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                first.Dispose();
            base.Dispose(disposing);
        }
    }
}
