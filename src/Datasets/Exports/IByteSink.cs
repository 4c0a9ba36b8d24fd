namespace OrleansCluster.Datasets;

/// <summary>Where the bytes of a table go, front to back. What was not committed when it is disposed of is as if it had never been written, where that can
/// be.</summary>
internal interface IByteSink : IDisposable
{
    /// <summary>Adds bytes at the end.</summary>
    /// <exception cref="IOException">They cannot be written; the message says where and why.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Says that all is written.</summary>
    /// <exception cref="IOException">It cannot be kept; the message says where and why.</exception>
    void Commit();
}

/// <summary>A stream that somebody else reads as it is written: standard output.</summary>
internal sealed class StreamSink(Stream stream) : IByteSink
{
    public void Write(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    public void Commit() => stream.Flush();

    public void Dispose()
    {
        // It is not ours.
    }
}
