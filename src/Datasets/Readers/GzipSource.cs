using System.IO.Compression;

namespace OrleansCluster.Datasets;

/// <summary>
/// The text within a gzip file, with damage noticed. The decompressor verifies the checksum of every member that ends, but takes a file cut
/// short for one that ends there. So one more member with a known text is put behind the file: a file that is whole ends with that text, and it alone.
/// </summary>
internal sealed class GzipSource : SourceStream
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
        _text = new GZipStream(new JoinedStream(file, new MemoryStream(EndMember)), CompressionMode.Decompress);
    }

    public static ReadOnlySpan<byte> Magic => [0x1F, 0x8B];

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
}
