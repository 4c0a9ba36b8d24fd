using System.Buffers;
using System.Buffers.Text;
using System.Text;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>
/// Rows as svmlight text: <c>LABEL INDEX:VALUE …</c>, indices from 1, values in their shortest form that reads back exactly, zeros left out. It appears under
/// its name, whole, with <see cref="Commit"/>; disposing it earlier leaves an earlier file as it was.
/// </summary>
public sealed class SvmlightWriter : IDisposable
{
    private const int FlushAt = 1 << 20, LongestNumber = 32;

    /// <summary>What ends a label, or makes it something else.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(" \t\r\n#:");

    private readonly IByteSink _file;
    private readonly Precision _precision;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + 4096);
    private double[] _values = [];
    private long _rows;

    private SvmlightWriter(IByteSink file, Precision precision) => (_file, _precision) = (file, precision);

    /// <summary>Begins a file.</summary>
    /// <exception cref="IOException">It cannot be created; the message says why.</exception>
    public static SvmlightWriter Create(string path, Precision precision) => new(AtomicFile.Create(path), precision);

    /// <summary>Begins a text on a stream, which is not ended.</summary>
    public static SvmlightWriter Create(Stream stream, Precision precision) => new(new StreamSink(stream), precision);

    /// <summary>Whether a file's ending says that it is such a text.</summary>
    public static bool IsNamed(string path) => Path.GetExtension(path).ToLowerInvariant() is ".svm" or ".svmlight" or ".libsvm";

    /// <summary>Adds rows.</summary>
    /// <param name="rows">As <see cref="SparseRowBytes"/> has them.</param>
    /// <param name="labels">One a row; empty: they are 0.</param>
    /// <exception cref="DataFormatException">A label cannot stand in such a text.</exception>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Write(ReadOnlySpan<byte> rows, ReadOnlySpan<string> labels)
    {
        for (int row = 0; !rows.IsEmpty; row++, _rows++)
        {
            ReadOnlySpan<uint> columns = SparseRowBytes.Take(ref rows, _precision, ref _values);
            if (labels.IsEmpty)
                _buffer.Write("0"u8);
            else
                Encoding.UTF8.GetBytes(Checked(labels[row]), _buffer);
            for (int i = 0; i < columns.Length; i++)
            {
                Span<byte> room = _buffer.GetSpan(2 * LongestNumber);
                room[0] = (byte)' ';
                Utf8Formatter.TryFormat(columns[i] + 1, room[1..], out int written);
                room[++written] = (byte)':';
                written += 1 + Format(_values[i], room[(written + 1)..]);
                _buffer.Advance(written);
            }

            _buffer.Write("\n"u8);
            if (_buffer.WrittenCount >= FlushAt)
                Flush();
        }
    }

    /// <summary>Makes the file appear.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Commit()
    {
        Flush();
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    private int Format(double value, Span<byte> room)
    {
        int written;
        if (_precision == Precision.Float32)
            ((float)value).TryFormat(room, out written, default, System.Globalization.CultureInfo.InvariantCulture);
        else
            value.TryFormat(room, out written, default, System.Globalization.CultureInfo.InvariantCulture);
        return written;
    }

    private string Checked(string label) => label.Length > 0 && !label.AsSpan().ContainsAny(Special) ? label
        : throw new DataFormatException($"Row {_rows} has the id '{label}', which cannot stand in svmlight text: it is empty, or has white space, '#' or ':'. "
            + "Write a table that ends in .csv or .parquet.");

    private void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
