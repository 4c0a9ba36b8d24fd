namespace OrleansCluster.Datasets;

/// <summary>A file as a stream that is only written, front to back, for libraries that write streams. The file is not its own.</summary>
internal sealed class SinkStream(IByteSink file) : Stream
{
    private long _written;

    public override bool CanRead => false;

    /// <summary>So that libraries ask where they are; nowhere else can be gone to.</summary>
    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        file.Write(buffer);
        _written += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Writes at once: those who write tables wait for it anyhow.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) =>
        (origin == SeekOrigin.Begin ? offset : _written + offset) == _written ? _written : throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
