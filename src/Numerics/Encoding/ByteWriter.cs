using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OrleansCluster.Numerics.Encoding;

/// <summary>Writes the little-endian encodings of steps, statistics, states and models. Ends with <see cref="ToArray"/> or <see cref="ToPooled"/>.</summary>
public sealed class ByteWriter
{
    private PooledBuffer _buffer = new();
    private readonly IncrementalHash? _hash;
    private int _hashed;

    public ByteWriter()
    {
    }

    private ByteWriter(IncrementalHash hash) => _hash = hash;

    /// <summary>SHA-256 (lower-case hex) and length of what would be written, without keeping it.</summary>
    public static (string Digest, int Length) Hash(Action<ByteWriter> write)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var writer = new ByteWriter(sha);
        write(writer);
        int length = checked(writer._hashed + writer._buffer.WrittenSpan.Length);
        sha.AppendData(writer._buffer.WrittenSpan);
        writer._buffer.Release();
        return (Convert.ToHexStringLower(sha.GetHashAndReset()), length);
    }

    public byte[] ToArray()
    {
        byte[] bytes = _buffer.WrittenSpan.ToArray();
        _buffer.Release();
        return bytes;
    }

    /// <summary>The encoding in an array of the pool when it is a long one.</summary>
    public PooledBytes ToPooled() => _buffer.WrittenSpan.Length < PooledBytes.LeastPooled ? PooledBytes.Of(ToArray()) : _buffer.Detach();

    /// <summary>Four letters that say what follows, and the version of its encoding.</summary>
    public void Header(string magic, byte version)
    {
        foreach (char letter in magic)
            Byte((byte)letter);
        Byte(version);
    }

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Boolean(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    /// <summary>A number in as many bytes as it needs, 7 bits each, the lowest first: small ones, of either sign, take one.</summary>
    public void Short(long value)
    {
        ulong left = (ulong)((value << 1) ^ (value >> 63));
        for (; left > 0x7F; left >>= 7)
            Byte((byte)(left | 0x80));
        Byte((byte)left);
    }

    /// <summary>Numbers in as many bytes as they need, after how many they are.</summary>
    public void Shorts(ReadOnlySpan<long> values)
    {
        Int32(values.Length);
        foreach (long value in values)
            Short(value);
    }

    public void Int128(Int128 value)
    {
        BinaryPrimitives.WriteInt128LittleEndian(_buffer.GetSpan(16), value);
        _buffer.Advance(16);
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public void String(string value)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(value);
        Int32(bytes.Length);
        bytes.CopyTo(_buffer.GetSpan(bytes.Length));
        _buffer.Advance(bytes.Length);
    }

    /// <summary>The length, then the values.</summary>
    public void Doubles(ReadOnlySpan<double> values)
    {
        Int32(values.Length);
        Int64s(MemoryMarshal.Cast<double, long>(values));
    }

    /// <summary>The values alone: whoever reads them knows how many.</summary>
    public void Int64s(ReadOnlySpan<long> values)
    {
        if (BitConverter.IsLittleEndian && HashedNow(MemoryMarshal.AsBytes(values)))
            return;
        Span<byte> bytes = _buffer.GetSpan(Math.Max(1, values.Length * 8));
        Span<long> target = MemoryMarshal.Cast<byte, long>(bytes[..(values.Length * 8)]);
        if (BitConverter.IsLittleEndian)
            values.CopyTo(target);
        else
            BinaryPrimitives.ReverseEndianness(values, target);
        _buffer.Advance(values.Length * 8);
    }

    /// <summary>The length, then the values.</summary>
    public void Int32s(ReadOnlySpan<int> values)
    {
        Int32(values.Length);
        foreach (int value in values)
            Int32(value);
    }

    /// <summary>The length, then the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> values)
    {
        Int32(values.Length);
        if (HashedNow(values))
            return;
        values.CopyTo(_buffer.GetSpan(Math.Max(1, values.Length)));
        _buffer.Advance(values.Length);
    }

    /// <summary>Whether only a hash is wanted: then the bytes go there as they are.</summary>
    private bool HashedNow(ReadOnlySpan<byte> values)
    {
        if (_hash is null)
            return false;
        _hash.AppendData(_buffer.WrittenSpan);
        _hash.AppendData(values);
        _hashed = checked(_hashed + _buffer.WrittenSpan.Length + values.Length);
        _buffer.Clear();
        return true;
    }

    /// <summary>What was written so far, in an array of the shared pool that grows by being exchanged.</summary>
    private struct PooledBuffer()
    {
        private byte[] _array = ArrayPool<byte>.Shared.Rent(256);
        private int _length;

        public readonly ReadOnlySpan<byte> WrittenSpan => _array.AsSpan(0, _length);

        public Span<byte> GetSpan(int least)
        {
            if (_array.Length - _length < least)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(2L * _array.Length, (long)_length + least)));
                WrittenSpan.CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_array);
                _array = larger;
            }

            return _array.AsSpan(_length);
        }

        public void Advance(int count) => _length += count;

        public void Clear() => _length = 0;

        public PooledBytes Detach()
        {
            var bytes = PooledBytes.Own(_array, _length);
            (_array, _length) = ([], 0);
            return bytes;
        }

        public void Release()
        {
            ArrayPool<byte>.Shared.Return(_array);
            (_array, _length) = ([], 0);
        }
    }
}
