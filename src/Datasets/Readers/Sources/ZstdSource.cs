using ZstdSharp;

namespace OrleansCluster.Datasets;

/// <summary>The content of a zstd file; damage is noticed, and so is that it is cut short.</summary>
internal sealed class ZstdSource(Stream file, string name) : SourceStream
{
    /// <summary>A frame says how much memory it takes: up to 128 MiB, as the tool takes without being asked.</summary>
    private readonly DecompressionStream _content = new(file, checkEndOfStream: true, leaveOpen: false);

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _content.Read(buffer);
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException)
        {
            throw new DataFormatException(
                $"{name} is a damaged zstd file, or one that takes more than 128 MiB to unpack: it is cut short or changed. Copy or compress it again.", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }
}
