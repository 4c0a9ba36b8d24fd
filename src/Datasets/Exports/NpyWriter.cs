using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>
/// Writes an npy array row by row (format version 1, little-endian, row-major). It appears under its name, whole, with <see cref="Commit"/>;
/// disposing it earlier leaves an earlier file as it was.
/// </summary>
public sealed class NpyWriter : IDisposable
{
    private readonly AtomicFile _file;
    private readonly string _path;
    private readonly Type _type;
    private readonly long _bytes;
    private long _written;

    private NpyWriter(string path, Type type, int size, string header, long values)
    {
        (_path, _type, _bytes) = (path, type, values * size);
        _file = AtomicFile.Create(path);
        _file.Write(Encode(header));
    }

    /// <summary>Begins an array of one dimension.</summary>
    /// <typeparam name="T">float, double or int.</typeparam>
    /// <exception cref="IOException">The file cannot be created; the message says why.</exception>
    public static NpyWriter Create<T>(string path, long length)
        where T : unmanaged => Create<T>(path, string.Create(CultureInfo.InvariantCulture, $"{length},"), length);

    /// <summary>Begins an array of two dimensions.</summary>
    /// <typeparam name="T">float, double or int.</typeparam>
    /// <exception cref="IOException">The file cannot be created; the message says why.</exception>
    public static NpyWriter Create<T>(string path, long rows, int columns)
        where T : unmanaged => Create<T>(path, string.Create(CultureInfo.InvariantCulture, $"{rows}, {columns}"), rows * columns);

    /// <summary>Begins an array of any number of dimensions, at least one.</summary>
    /// <typeparam name="T">float, double or int.</typeparam>
    /// <exception cref="IOException">The file cannot be created; the message says why.</exception>
    public static NpyWriter Create<T>(string path, ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        long values = 1;
        foreach (int length in shape)
            values *= length;
        string text = string.Join(", ", shape.ToArray().Select(length => length.ToString(CultureInfo.InvariantCulture)));
        return Create<T>(path, shape.Length == 1 ? text + "," : text, values);
    }

    /// <summary>Adds values, row by row.</summary>
    /// <exception cref="ArgumentException">They are of another type, or more than promised.</exception>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Write<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (typeof(T) != _type)
            throw new ArgumentException($"{_path} holds {_type.Name}, not {typeof(T).Name}.", nameof(values));
        WriteBytes(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Adds values as little-endian bytes.</summary>
    /// <inheritdoc cref="Write{T}(ReadOnlySpan{T})"/>
    public void WriteBytes(ReadOnlySpan<byte> values)
    {
        if (values.Length > _bytes - _written)
            throw new ArgumentException($"{_path} gets more values than its header promises.", nameof(values));
        _written += values.Length;
        _file.Write(values);
    }

    /// <summary>Makes the file appear.</summary>
    /// <exception cref="InvalidOperationException">Fewer values came than promised.</exception>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Commit()
    {
        if (_written != _bytes)
            throw new InvalidOperationException($"{_path} got {_written} of the {_bytes} bytes that its header promises.");
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    private static NpyWriter Create<T>(string path, string shape, long values)
        where T : unmanaged
    {
        string type = typeof(T) == typeof(float) ? "<f4"
            : typeof(T) == typeof(double) ? "<f8"
            : typeof(T) == typeof(int) ? "<i4"
            : throw new ArgumentException($"{typeof(T).Name} is not written; float, double and int are.");
        return new NpyWriter(
            path, typeof(T), Marshal.SizeOf<T>(), $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}", values);
    }

    /// <summary>Magic, version and length, then the literal padded with blanks so that the values are aligned to 64 bytes.</summary>
    private static byte[] Encode(string literal)
    {
        const int Prefix = 10, Alignment = 64;
        int total = (Prefix + literal.Length + 1 + Alignment - 1) / Alignment * Alignment;
        var bytes = new byte[total];
        NpyHeader.Magic.CopyTo(bytes);
        bytes[6] = 1;
        MemoryMarshal.Write(bytes.AsSpan(8), (ushort)(total - Prefix));
        Encoding.ASCII.GetBytes(literal.PadRight(total - Prefix - 1) + "\n", bytes.AsSpan(Prefix));
        return bytes;
    }
}
