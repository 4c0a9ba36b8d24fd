using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>
/// Writes assignments as CSV: a header and a line a row with its id (or number, from 0), cluster, distance, where several versions may answer the version,
/// and where clusters have names the cluster's. Numbers are in their shortest form that reads back exactly. The file appears, whole, with
/// <see cref="Commit"/>; disposing it earlier leaves an earlier file as it was.
/// </summary>
public sealed class AssignmentCsvWriter : IDisposable
{
    private const int FlushAt = 1 << 20, LongestNumbers = 80;

    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n \t;");

    private readonly AtomicFile _file;
    private readonly bool _versions;
    private readonly Func<int, string>? _names;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + 4096);

    /// <param name="path">The file.</param>
    /// <param name="idColumn">Name of the first column: the id column's, or null for <c>row</c>.</param>
    /// <param name="versions">Whether each line tells the version that answered.</param>
    /// <param name="names">The name of a cluster, or nothing, which ends each line; null: no cluster has one.</param>
    /// <exception cref="IOException">The file cannot be created; the message says why.</exception>
    public AssignmentCsvWriter(string path, string? idColumn, bool versions = false, Func<int, string>? names = null)
    {
        (_file, _versions, _names) = (AtomicFile.Create(path), versions, names);
        WriteText(idColumn ?? "row");
        _buffer.Write(versions ? ",cluster,distance,version"u8 : ",cluster,distance"u8);
        _buffer.Write(names is null ? "\n"u8 : ",cluster_name\n"u8);
    }

    /// <summary>Adds the row with this id.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Write(string id, int label, double distance, int version = 0)
    {
        WriteText(id);
        WriteAssignment(label, distance, version);
    }

    /// <summary>Adds the row with this number.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Write(long row, int label, double distance, int version = 0)
    {
        Utf8Formatter.TryFormat(row, _buffer.GetSpan(LongestNumbers), out int written);
        _buffer.Advance(written);
        WriteAssignment(label, distance, version);
    }

    /// <summary>Makes the file appear.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Commit()
    {
        Flush();
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    private void WriteAssignment(int label, double distance, int version)
    {
        Span<byte> line = _buffer.GetSpan(LongestNumbers);
        line[0] = (byte)',';
        Utf8Formatter.TryFormat(label, line[1..], out int written);
        int length = 1 + written;
        line[length++] = (byte)',';
        distance.TryFormat(line[length..], out written, default, System.Globalization.CultureInfo.InvariantCulture);
        length += written;
        if (_versions)
        {
            line[length++] = (byte)',';
            Utf8Formatter.TryFormat(version, line[length..], out written);
            length += written;
        }

        _buffer.Advance(length);
        if (_names is not null)
        {
            _buffer.Write(","u8);
            WriteText(_names(label));
        }

        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushAt)
            Flush();
    }

    private void WriteText(string text)
    {
        if (text.AsSpan().ContainsAny(NeedQuotes))
            text = '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        Encoding.UTF8.GetBytes(text, _buffer);
    }

    private void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
