using System.Buffers;

namespace OrleansCluster.Numerics.Encoding;

/// <summary>
/// Bytes that one owner reads for a while. Long ones lie in arrays of the shared pool, so that steps and statistics of megabytes are not allocated anew in
/// every iteration; whoever has read them last gives them back. Bytes that nobody gives back are collected like any others: where it is not certain that
/// nobody reads them any more, after a failure say, that is what must happen.
/// </summary>
public sealed class PooledBytes : IDisposable
{
    /// <summary>Shorter ones are no large objects, and cost no more than the pool would.</summary>
    public const int LeastPooled = 1 << 16;

    private byte[]? _rented;
    private ReadOnlyMemory<byte> _content;

    private PooledBytes(ReadOnlyMemory<byte> content, byte[]? rented) => (_content, _rented) = (content, rented);

    /// <summary>Number of bytes.</summary>
    public int Length { get; private init; }

    /// <summary>Whether the bytes were given back and may be others by now.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">They were given back.</exception>
    public ReadOnlyMemory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsReleased, this);
            return _content;
        }
    }

    /// <summary>Bytes of the pool, to be filled by whoever rents them.</summary>
    /// <param name="length">Number of bytes.</param>
    /// <param name="writable">What to fill.</param>
    public static PooledBytes Rent(int length, out Memory<byte> writable)
    {
        byte[] array = length < LeastPooled ? new byte[length] : ArrayPool<byte>.Shared.Rent(length);
        writable = array.AsMemory(0, length);
        return new PooledBytes(writable, length < LeastPooled ? null : array) { Length = length };
    }

    /// <summary>Bytes that are nobody's to give back.</summary>
    public static PooledBytes Of(ReadOnlyMemory<byte> bytes) => new(bytes, null) { Length = bytes.Length };

    /// <summary>Takes over an array that was rented from the shared pool.</summary>
    internal static PooledBytes Own(byte[] array, int length) => new(array.AsMemory(0, length), array) { Length = length };

    /// <summary>A copy that is the caller's own.</summary>
    public byte[] ToArray() => Memory.ToArray();

    /// <summary>Gives the bytes back. Nobody may read them from now on.</summary>
    public void Dispose()
    {
        if (IsReleased)
            return;
        IsReleased = true;
        _content = default;
        if (_rented is { } array)
            ArrayPool<byte>.Shared.Return(array);
        _rented = null;
    }

    public static implicit operator ReadOnlyMemory<byte>(PooledBytes bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return bytes.Memory;
    }
}
