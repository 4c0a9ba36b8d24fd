namespace OrleansCluster.Numerics.Encoding;

/// <summary>
/// A step by its name (SHA-256 of its bytes, lower-case hex) and content. Self-contained: with a shard's rows it determines the answer. Where it was made it is
/// named and written down only when somebody asks for that, and where it came to as bytes it is read once, whoever computes it. Thread-safe.
/// </summary>
public sealed class EncodedStep
{
    private readonly Lock _gate = new();
    private readonly Action<ByteWriter>? _write;
    private string? _digest;
    private int? _length;
    private ReadOnlyMemory<byte>? _bytes;
    private object? _content;

    /// <param name="digest">The step's name.</param>
    /// <param name="bytes">Everything the step needs, versioned and little-endian.</param>
    public EncodedStep(string digest, ReadOnlyMemory<byte> bytes) => (_digest, _length, _bytes) = (digest, bytes.Length, bytes);

    /// <param name="content">What the bytes decode to. Nobody changes it from now on.</param>
    /// <param name="write">Writes the bytes: the same each time.</param>
    public EncodedStep(object content, Action<ByteWriter> write) => (_content, _write) = (content, write);

    /// <summary>The step's name.</summary>
    public string Digest
    {
        get
        {
            lock (_gate)
                return Named().Digest;
        }
    }

    /// <summary>Number of bytes.</summary>
    public int Length
    {
        get
        {
            lock (_gate)
                return Named().Length;
        }
    }

    /// <summary>Everything the step needs, versioned and little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            lock (_gate)
                return _bytes ??= Written();
        }
    }

    /// <summary>What the bytes mean: one object for all who compute the step, which nobody changes.</summary>
    /// <param name="decode">Reads the bytes. When it throws, the next who asks tries again.</param>
    public T Content<T>(Func<ReadOnlyMemory<byte>, T> decode)
        where T : class
    {
        lock (_gate)
        {
            if (_content is T known)
                return known;
            T read = decode(_bytes ??= Written());
            _content = read;
            return read;
        }
    }

    private (string Digest, int Length) Named()
    {
        if (_digest is null)
            (_digest, _length) = ByteWriter.Hash(_write!);
        return (_digest, _length!.Value);
    }

    private byte[] Written()
    {
        var writer = new ByteWriter();
        _write!(writer);
        return writer.ToArray();
    }
}
