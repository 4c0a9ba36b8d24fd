using Microsoft.Win32.SafeHandles;

namespace OrleansCluster.Datasets;

/// <summary>A part of a file as a stream that can be read at any place. The file is not its own.</summary>
internal sealed class FileSlice(SafeFileHandle file, long begin, long end) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => end - begin;

    public override long Position
    {
        get => _position;
        set => _position = value < 0 ? throw new IOException("There is nothing before the beginning of a file.") : value;
    }

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Clamp(Length - _position, 0, buffer.Length);
        int read = wanted == 0 ? 0 : RandomAccess.Read(file, buffer[..wanted], begin + _position);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads at once: those who read tables wait for them anyhow.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => Length };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
