using System.IO.Compression;

namespace OrleansCluster.Datasets;

/// <summary>
/// The content of a gzip file, with damage noticed. The decompressor verifies the checksum of every member that ends, but takes a file cut
/// short for one that ends there. So one more member with a known text is put behind the file: a file that is whole ends with that text, and it alone.
/// </summary>
internal sealed class GzipSource : SourceStream
{
    private static readonly byte[] EndText = "the gzip file was whole"u8.ToArray();
    private static readonly byte[] EndMember = Compress(EndText);

    private readonly GZipStream _content;
    private readonly string _name;
    private readonly byte[] _buffer = new byte[64 << 10];
    private int _next;
    private int _filled;
    private bool _ended;

    public GzipSource(Stream file, string name)
    {
        _name = name;
        _content = new GZipStream(new JoinedStream(file, new MemoryStream(EndMember)), CompressionMode.Decompress);
    }

    public static ReadOnlySpan<byte> Magic => [0x1F, 0x8B];

    private int Held => _filled - _next;

    public override int Read(Span<byte> buffer)
    {
        // The last bytes are held back until it is known whether they are the end's.
        while (Held <= EndText.Length && !_ended)
            Refill();
        int count = Math.Min(Held - EndText.Length, buffer.Length);
        if (count <= 0)
            return buffer.IsEmpty || _buffer.AsSpan(_next, Held).SequenceEqual(EndText) ? 0 : throw Damaged(null);
        _buffer.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] text)
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Optimal))
            gzip.Write(text);
        return member.ToArray();
    }

    private void Refill()
    {
        _buffer.AsSpan(_next, Held).CopyTo(_buffer);
        (_next, _filled) = (0, Held);
        try
        {
            int read = _content.Read(_buffer.AsSpan(_filled));
            _ended = read == 0;
            _filled += read;
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }
    }

    private DataFormatException Damaged(InvalidDataException? cause)
    {
        string message = $"{_name} is a damaged gzip file: it is cut short or changed. Copy or compress it again.";
        return cause is null ? new(message) : new(message, cause);
    }
}
