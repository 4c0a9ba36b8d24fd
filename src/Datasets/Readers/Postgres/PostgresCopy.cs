using System.Buffers.Binary;

namespace OrleansCluster.Datasets;

/// <summary>
/// What a binary COPY sends: a signature of 11 bytes, flags and the length of an extension (4 bytes each), then of each row the number of its cells (2 bytes)
/// and of each cell its length (4 bytes; −1: NULL) and its bytes; at the end −1 cells. Numbers are big-endian.
/// </summary>
/// <param name="stream">Where it comes from.</param>
internal sealed class PostgresCopy(Stream stream)
{
    private const int Fixed = 19, ExtensionAt = 15;

    private byte[] _buffer = new byte[1 << 16];
    private int _at;
    private int _end;

    /// <summary>Reads what comes before the rows.</summary>
    public void Begin()
    {
        if (!Take(Fixed)[..Signature.Length].SequenceEqual(Signature))
            throw Wrong();
        int extension = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_at - Fixed + ExtensionAt));
        Take(extension >= 0 ? extension : throw Wrong());
    }

    /// <summary>Goes to the next row.</summary>
    /// <param name="cells">How many cells it has to have.</param>
    /// <returns>False: there is none.</returns>
    public bool NextRow(int cells)
    {
        int found = BinaryPrimitives.ReadInt16BigEndian(Take(sizeof(short)));
        return found == cells || (found < 0 ? false : throw Wrong());
    }

    /// <summary>The next cell of the row, until another is asked for.</summary>
    /// <returns>False: it is NULL.</returns>
    public bool NextCell(out ReadOnlySpan<byte> cell)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));
        cell = length < 0 ? default : Take(length);
        return length >= 0;
    }

    /// <summary>What everything begins with.</summary>
    private static ReadOnlySpan<byte> Signature =>
        [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0];

    private static IOException Wrong() => new("the server does not send rows as COPY does");

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_end - _at < length)
            Fill(length);
        _at += length;
        return _buffer.AsSpan(_at - length, length);
    }

    private void Fill(int length)
    {
        Buffer.BlockCopy(_buffer, _at, _buffer, 0, _end -= _at);
        _at = 0;
        if (length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(length, 2 * _buffer.Length));
        // As much as has come: the server sends a row at a time.
        while (_end < length)
        {
            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
                throw new EndOfStreamException("the server ended the rows before their end");
            _end += read;
        }
    }
}
