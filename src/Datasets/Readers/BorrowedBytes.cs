using System.Buffers;

namespace OrleansCluster.Datasets;

/// <summary>Bytes of the pool, which are given back once, whoever does it.</summary>
/// <param name="length">At least how many.</param>
internal sealed class BorrowedBytes(int length)
{
    private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(length);

    /// <summary>The bytes; they hold anything.</summary>
    public byte[] Bytes => _bytes ?? throw new ObjectDisposedException(nameof(BorrowedBytes));

    /// <summary>Gives them back.</summary>
    public void Return()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
