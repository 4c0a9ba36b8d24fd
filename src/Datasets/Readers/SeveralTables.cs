using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>
/// Files that are one table, one behind the other. The first says what the columns are; the others have the same, found by their names where there are any.
/// </summary>
internal sealed class SeveralTables : ITable
{
    private readonly string[] _files;
    private readonly ITable _first;
    private readonly ReadOptions _options;

    private SeveralTables(string[] files, ITable first, ReadOptions options) => (_files, _first, _options) = (files, first, options);

    public string Name => _first.Name;

    public ImmutableArray<string> Columns => _first.Columns;

    public bool HasNames => _first.HasNames;

    /// <exception cref="DataFormatException">The first file is no table.</exception>
    public static SeveralTables Open(string[] files, ReadOptions options) =>
        new(files, TableFile.Open(InputSource.Open(files[0]), options), options);

    public IReadOnlyList<int> Choose(ReadOptions options) => _first.Choose(options);

    public IRowReader Read(ReadOptions options, IReadOnlyList<int>? values = null)
    {
        IReadOnlyList<int> wanted = options.LabelsOnly ? [] : values ?? _first.Choose(options);
        return new Reader(this, _first.Read(options, values), options, wanted);
    }

    public void Dispose() => _first.Dispose();

    /// <summary>Opens a later file and begins to read it as the first is read.</summary>
    private IRowReader Open(string file, IRowReader like, ReadOptions options, IReadOnlyList<int> wanted)
    {
        ITable table = TableFile.Open(InputSource.Open(file), _options);
        try
        {
            if (!_first.HasNames && table.Columns.Length != _first.Columns.Length)
                throw new DataFormatException($"{table.Name} has {table.Columns.Length} columns, and {_first.Name} has "
                    + $"{_first.Columns.Length}. Files that are read as one table have the same columns.");
            ImmutableArray<string> columns = table.Columns, firstColumns = _first.Columns;
            var names = new ColumnNames(table.Name, columns);
            int[] places = [.. wanted.Select(column => _first.HasNames ? Find(table, names, firstColumns[column]) : column)];
            ReadOptions alike = options with
            {
                Precision = options.Precision ?? (like.Precision == Precision.Float64 ? Precision.Float64 : null),
                Types = null,
                KnownTypes = like.Types.IsDefaultOrEmpty ? options.KnownTypes
                    : Enumerable.Range(0, places.Length).ToDictionary(j => columns[places[j]], j => like.Types[j], StringComparer.Ordinal),
            };
            IRowReader reader = table.Read(alike, options.LabelsOnly ? null : places);
            if (reader.IsSparse != like.IsSparse)
                throw new DataFormatException($"{table.Name} has {(reader.IsSparse ? "sparse" : "dense")} rows, and {_first.Name} "
                    + $"{(reader.IsSparse ? "dense" : "sparse")} ones. Import both with --dense.");
            if (reader.Precision != like.Precision)
                throw new DataFormatException($"{table.Name} holds numbers that float32 does not, and {_first.Name}, which comes before it, "
                    + "holds float32. Say how to store both: --dtype f8, or --dtype f4.");
            return reader;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private int Find(ITable table, ColumnNames names, string name)
    {
        int place = table.HasNames ? names.Place(name) : -1;
        return place >= 0 && names.IsOnly(place) ? place
            : throw new DataFormatException($"{table.Name} has {(place < 0 ? "no column" : "two columns")} '{name}', which "
                + $"{_first.Name} has{(place < 0 ? "" : " once")}. Files that are read as one table have the same columns.");
    }

    private sealed class Reader : IRowReader
    {
        private readonly SeveralTables _tables;
        private readonly ReadOptions _options;
        private readonly IReadOnlyList<int> _wanted;
        private readonly MergedCategories _categories;
        private IRowReader _reader;
        private int _file;
        private long _rows;

        public Reader(SeveralTables tables, IRowReader first, ReadOptions options, IReadOnlyList<int> wanted)
        {
            (_tables, _reader, _options, _wanted) = (tables, first, options, wanted);
            (Columns, Precision, Types, IdColumn, WeightColumn, LabelColumn) =
                (first.Columns, first.Precision, first.Types, first.IdColumn, first.WeightColumn, first.LabelColumn);
            _categories = new MergedCategories(Columns, Types);
        }

        public IReadOnlyList<string> Columns { get; }

        public Precision Precision { get; }

        public ImmutableArray<ColumnType> Types { get; }

        public bool IsSparse => _reader.IsSparse;

        public IReadOnlyList<string> Categories(int column) => _categories.Texts(column);

        public string? IdColumn { get; }

        public string? WeightColumn { get; }

        public string? LabelColumn { get; }

        public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
        {
            while (!_reader.ReadBatch(out batch))
            {
                if (_file + 1 == _tables._files.Length)
                    return false;
                IRowReader next = _tables.Open(_tables._files[_file + 1], _reader, _options, _wanted);
                _reader.Dispose();
                (_reader, _file) = (next, _file + 1);
                _categories.Next();
            }

            var places = new long[batch.Rows];
            for (int row = 0; row < places.Length; row++)
                places[row] = batch.FirstRow + row;
            batch = batch with
            {
                Values = _categories.Values(_reader, batch, _tables._files[_file]),
                Source = _tables._files[_file],
                Places = ImmutableCollectionsMarshal.AsImmutableArray(places),
                FirstRow = _rows,
            };
            _rows += batch.Rows;
            return true;
        }

        public void Dispose() => _reader.Dispose();
    }
}
