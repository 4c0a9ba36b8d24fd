using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;

namespace OrleansCluster.Datasets;

/// <summary>
/// Arrow's stream format, record batch by record batch. Its file format (Feather) is that stream between a magic before it and a footer behind it, so that
/// either can come through a pipe.
/// </summary>
internal sealed class ArrowSource : ITypedSource
{
    private const int MostRows = 1 << 26;

    private readonly InputSource _source;
    private readonly EndKeeper _content;
    private readonly ArrowStreamReader _reader;
    private readonly bool _isFile;
    private long _rows;

    private ArrowSource(InputSource source, bool isFile)
    {
        (_source, _isFile) = (source, isFile);
        if (isFile)
            source.Read(new byte[8]);
        _content = new EndKeeper(source);
        _reader = new ArrowStreamReader(_content, new CompressionCodecFactory(), leaveOpen: true);
        Fields = [.. Guard(() => _reader.Schema).FieldsList.Select(field => ArrowField.Describe(field.Name, field.DataType))];
    }

    public string Name => _source.Name;

    public ImmutableArray<TypedField> Fields { get; }

    /// <param name="source">The content.</param>
    /// <param name="isFile">Whether it begins with the file format's magic.</param>
    public static ArrowSource Open(InputSource source, bool isFile) => new(source, isFile);

    public bool Next(IReadOnlyList<int> columns, [NotNullWhen(true)] out TypedBlock? block)
    {
        block = null;
        while (block is null or { Rows: 0 })
        {
            RecordBatch? batch = Guard(_reader.ReadNextRecordBatch);
            if (batch is null)
            {
                CheckEnd();
                return false;
            }

            using (batch)
            {
                if (batch.Length > MostRows)
                    throw new DataFormatException($"{Name}: a record batch has {batch.Length} rows, of which at most {MostRows} are read at a time. Write "
                        + "smaller ones.");
                ColumnBlock[] cells = Guard(() => columns.Select(column => ArrowField.Read(batch.Column(column), batch.Length)).ToArray());
                if (cells.Any(column => column.Rows != batch.Length))
                    throw Damaged("a column is not as long as its record batch", null);
                block = new TypedBlock(batch.Length, cells);
                _rows += batch.Length;
            }
        }

        return true;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _source.Dispose();
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not DataFormatException)
        {
            throw Damaged(e.Message.Split('\n')[0].TrimEnd('.', ' '), e);
        }
    }

    /// <summary>A stream that ends without its mark of the end, and a file without its footer, are cut short, be it between two record batches.</summary>
    private void CheckEnd()
    {
        bool marked = _content.EndsWith([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);
        _content.Drain();
        if (_isFile ? !_content.EndsWith("ARROW1"u8) : !marked)
            throw Damaged("it is cut short: its end is missing", null);
    }

    private DataFormatException Damaged(string reason, Exception? cause)
    {
        string after = _rows == 0 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $" after row {_rows - 1} (from 0)");
        string message = $"{Name} is a damaged Arrow {(_isFile ? "file" : "stream")}{after}: {reason}. Copy or write it again, and close its writer.";
        return cause is null ? new(message) : new(message, cause);
    }

    /// <summary>The content, whose last bytes are remembered.</summary>
    private sealed class EndKeeper(InputSource source) : SourceStream
    {
        private readonly byte[] _last = new byte[8];

        public override int Read(Span<byte> buffer)
        {
            int read = source.Read(buffer);
            Span<byte> got = buffer[..read];
            if (read >= _last.Length)
            {
                got[^_last.Length..].CopyTo(_last);
            }
            else
            {
                _last.AsSpan(read).CopyTo(_last);
                got.CopyTo(_last.AsSpan(_last.Length - read));
            }

            return read;
        }

        public bool EndsWith(ReadOnlySpan<byte> end) => _last.AsSpan().EndsWith(end);

        public void Drain()
        {
            var rest = new byte[64 << 10];
            while (Read(rest) > 0)
            {
            }
        }
    }
}
