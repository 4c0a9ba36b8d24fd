using System.Buffers;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>Comma-separated text with a header. Numbers are in their shortest form that reads back exactly. Many rows are written by all cores.</summary>
internal sealed class CsvTableWriter : ITableWriter
{
    private const int FlushAt = 1 << 20;

    /// <summary>Rows that are written by one core: some 100 KB of numbers.</summary>
    private const int SliceRows = 2048;

    /// <summary>Slices whose text is kept at a time.</summary>
    private const int MostSlices = 32;

    private readonly IByteSink _file;
    private readonly Type[] _types;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + 4096);

    public CsvTableWriter(IByteSink file, IReadOnlyList<OutputColumn> columns)
    {
        (_file, _types) = (file, [.. columns.Select(column => column.Type)]);
        for (int column = 0; column < columns.Count; column++)
        {
            if (column > 0)
                _buffer.Write(","u8);
            Encoding.UTF8.GetBytes(CsvCell.Of(columns[column].Name), _buffer);
        }

        _buffer.Write("\n"u8);
    }

    public void Write(IReadOnlyList<Array> columns)
    {
        CsvCells[] cells = [.. columns.Select((values, column) => CsvCells.Of(values, _types[column]))];
        int rows = columns[0].Length;
        var slices = new ArraySegment<byte>[Math.Min(MostSlices, (rows + SliceRows - 1) / SliceRows)];
        for (int first = 0; first < rows; first += slices.Length * SliceRows)
        {
            int count = Math.Min(slices.Length, (rows - first + SliceRows - 1) / SliceRows);
            int begin = first;
            if (count == 1)
                slices[0] = Text(cells, begin, Math.Min(SliceRows, rows - begin));
            else
                Parallel.For(0, count, slice =>
                {
                    int from = begin + (slice * SliceRows);
                    slices[slice] = Text(cells, from, Math.Min(SliceRows, rows - from));
                });
            for (int slice = 0; slice < count; slice++)
            {
                _buffer.Write(slices[slice]);
                ArrayPool<byte>.Shared.Return(slices[slice].Array!);
                if (_buffer.WrittenCount >= FlushAt)
                    Flush();
            }
        }
    }

    public void Commit()
    {
        Flush();
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The text of some rows, in an array of the pool.</summary>
    private static ArraySegment<byte> Text(CsvCells[] cells, int first, int rows)
    {
        byte[] text = ArrayPool<byte>.Shared.Rent(rows * cells.Length * CsvCells.LongestNumber);
        int written = 0;
        for (int row = first; row < first + rows; row++)
        {
            for (int column = 0; column < cells.Length; column++)
            {
                int needed = written + 1 + cells[column].Longest(row);
                if (needed > text.Length)
                    text = Longer(text, written, needed);
                if (column > 0)
                    text[written++] = (byte)',';
                written += cells[column].Write(row, text.AsSpan(written));
            }

            if (written == text.Length)
                text = Longer(text, written, written + 1);
            text[written++] = (byte)'\n';
        }

        return new ArraySegment<byte>(text, 0, written);
    }

    private static byte[] Longer(byte[] text, int written, int needed)
    {
        byte[] longer = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * text.Length));
        text.AsSpan(0, written).CopyTo(longer);
        ArrayPool<byte>.Shared.Return(text);
        return longer;
    }

    private void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
