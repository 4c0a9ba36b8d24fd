using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace OrleansCluster.Datasets;

/// <summary>A Parquet file, read a row group at a time, the needed columns of it.</summary>
internal sealed class ParquetSource : ITypedSource
{
    private const int ShortestFile = 12;

    private readonly InputSource _source;
    private readonly ParquetReader _reader;
    private readonly Field[] _fields;
    private int _group;

    private ParquetSource(InputSource source, ParquetReader reader)
    {
        (_source, _reader, _fields) = (source, reader, [.. reader.Schema.Fields]);
        Fields = [.. _fields.Select(ParquetField.Describe)];
        CheckRows();
    }

    public string Name => _source.Name;

    public ImmutableArray<TypedField> Fields { get; }

    public static ParquetSource Open(InputSource source)
    {
        (Microsoft.Win32.SafeHandles.SafeFileHandle file, long begin, long end) = source.Rest(0);
        var content = new FileSlice(file, begin, end);
        CheckEnds(source.Name, content);
        return Guard(source.Name, () =>
        {
            var options = new ParquetOptions { TreatByteArrayAsString = false, UseBigDecimal = true };
            return new ParquetSource(source, ParquetReader.CreateAsync(content, options).GetAwaiter().GetResult());
        });
    }

    public bool Next(IReadOnlyList<int> columns, [NotNullWhen(true)] out TypedBlock? block)
    {
        block = null;
        while (block is null or { Rows: 0 } && _group < _reader.RowGroupCount)
        {
            block = Guard(Name, () => ReadGroup(columns));
            _group++;
        }

        return block is { Rows: > 0 };
    }

    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _source.Dispose();
    }

    /// <summary>What the library says of damage is not for users, and comes as any exception.</summary>
    private static T Guard<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not DataFormatException)
        {
            string reason = e.Message.Split('\n')[0].TrimEnd('.', ' ');
            throw new DataFormatException($"{name} is a damaged Parquet file, or one of a kind that is not read ({reason}). Copy or write it again.", e);
        }
    }

    private static void CheckEnds(string name, FileSlice content)
    {
        Span<byte> end = stackalloc byte[8];
        content.Position = Math.Max(0, content.Length - end.Length);
        content.ReadExactly(end[..(int)Math.Min(end.Length, content.Length)]);
        content.Position = 0;
        if (content.Length < ShortestFile || !end[4..].SequenceEqual("PAR1"u8))
            throw new DataFormatException($"{name} is a damaged Parquet file: it does not end as it should, so it is cut short. Copy or write it again.");
        uint footer = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(end);
        if (footer > content.Length - ShortestFile)
            throw new DataFormatException($"{name} is a damaged Parquet file: its footer of {footer} bytes is longer than the file. Copy or write it again.");
        var bytes = new byte[footer];
        content.Position = content.Length - end.Length - footer;
        content.ReadExactly(bytes);
        content.Position = 0;
        if (!ThriftCheck.IsStructure(bytes))
            throw new DataFormatException($"{name} is a damaged Parquet file: its footer is not readable. Copy or write it again.");
    }

    /// <summary>Refuses a footer that contradicts itself about how many rows there are.</summary>
    private void CheckRows()
    {
        FileMetaData footer = _reader.Metadata!;
        long rows = 0;
        for (int group = 0; group < footer.RowGroups.Count; group++)
        {
            RowGroup promised = footer.RowGroups[group];
            rows += promised.NumRows;
            if (promised.NumRows is < 0 or > int.MaxValue)
                throw Lies($"row group {group} is said to have {promised.NumRows} rows");
            // A column that is read has one value a row, or the mark that it is missing.
            foreach (ColumnChunk chunk in promised.Columns.Where(chunk => chunk.MetaData is { PathInSchema.Count: 1 }))
            {
                int field = Array.FindIndex(_fields, field => field.Name == chunk.MetaData!.PathInSchema[0]);
                if (field >= 0 && Fields[field].IsRead && chunk.MetaData!.NumValues != promised.NumRows)
                    throw Lies($"row group {group} is said to have {promised.NumRows} rows, and its column '{_fields[field].Name}' {chunk.MetaData.NumValues}");
            }
        }

        if (rows != footer.NumRows)
            throw Lies($"the footer promises {footer.NumRows} rows, and its row groups have {rows}");
    }

    private DataFormatException Lies(string what) => new($"{Name} is a damaged Parquet file: {what}. Write it again.");

    private TypedBlock ReadGroup(IReadOnlyList<int> columns)
    {
        using ParquetRowGroupReader group = _reader.OpenRowGroupReader(_group);
        int rows = (int)group.RowCount;
        var blocks = new ColumnBlock[columns.Count];
        for (int i = 0; i < blocks.Length; i++)
        {
            var field = (DataField)_fields[columns[i]];
            try
            {
                blocks[i] = ParquetField.Read(group, field, rows);
            }
            catch (Exception e) when (e is not DataFormatException)
            {
                throw new DataFormatException($"{Name} is damaged in column '{field.Name}' of row group {_group}, which should have {rows} rows "
                    + $"({e.Message.Split('\n')[0].TrimEnd('.', ' ')}). Copy or write it again.", e);
            }
        }

        return new TypedBlock(rows, blocks);
    }
}
