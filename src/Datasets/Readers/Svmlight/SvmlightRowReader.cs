using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Reads an svmlight text, as dense rows in bounded memory however wide they are, or as sparse ones.</summary>
internal sealed class SvmlightRowReader : IRowReader
{
    private const int MostSparseRows = 8192, MostSparseBytes = 1 << 20;

    private readonly SvmlightTable _table;
    private readonly ColumnSelection _selection;
    private readonly ReadOptions _options;
    private readonly LineReader _lines;

    /// <summary>Where each column stands among the values; −1: it is not read.</summary>
    private readonly int[] _places;
    private readonly MemoryStream _sparse = new();
    private readonly List<uint> _columns = [];
    private readonly List<double> _values = [];
    private long _rows;

    public SvmlightRowReader(SvmlightTable table, ColumnSelection selection, ReadOptions options)
    {
        (_table, _selection, _options) = (table, selection, options);
        if (options.Types is not null)
            throw new DataFormatException($"{table.Name} holds numbers alone, as svmlight text does: leave --types out.");
        _places = new int[table.Width + 1];
        Array.Fill(_places, -1);
        for (int place = 0; place < selection.Values.Length; place++)
            _places[selection.Values[place]] = place;
        Columns = selection.Names(table.Names);
        Precision = options.Precision ?? Precision.Float64;
        // In another order, or with labels among them, values would have to be sorted.
        IsSparse = options is { Sparse: true, LabelsOnly: false } && !selection.Values.Contains(table.Width)
            && selection.Values.SequenceEqual(selection.Values.Order());
        _lines = table.Lines();
    }

    public IReadOnlyList<string> Columns { get; }

    public Precision Precision { get; }

    public bool IsSparse { get; }

    public ImmutableArray<ColumnType> Types => _options.Typed && !IsSparse ? [.. Enumerable.Repeat(ColumnType.Number, _selection.Values.Length)] : [];

    public string? IdColumn => NameOf(_selection.Id);

    public string? WeightColumn => NameOf(_selection.Weight);

    public string? LabelColumn => NameOf(_selection.Label);

    public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
    {
        int capacity = IsSparse ? MostSparseRows : BatchBuilder.RowsFor(_selection, Precision);
        BatchBuilder builder = IsSparse ? BatchBuilder.OfSparse(_selection, Precision, _rows, capacity, hasLines: true)
            : new BatchBuilder(_selection, Precision, _rows, capacity, hasLines: true);
        builder.Values.Clear();
        _sparse.SetLength(0);
        while (builder.Rows < capacity && _sparse.Length < MostSparseBytes && _lines.Next())
        {
            var line = new SvmlightLine(_table.Name, _lines.Line, _lines.Record);
            if (line.IsEmpty)
                continue;
            Read(line, builder);
            builder.SetLine(_lines.Line);
            builder.Rows++;
        }

        _rows += builder.Rows;
        batch = builder.Rows == 0 ? null : builder.ToBatch();
        if (IsSparse && batch is not null)
            batch = batch with { Values = _sparse.ToArray(), IsSparse = true };
        if (batch is null && _rows == 0)
            throw new DataFormatException($"{_table.Name} has no rows. Give a file with rows.");
        return batch is not null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _table.Dispose();
    }

    private void Read(SvmlightLine line, BatchBuilder builder)
    {
        _columns.Clear();
        _values.Clear();
        Set(line, builder, _table.Width, line.Label, index: null);
        while (line.Next(out int index, out ReadOnlySpan<byte> value))
            Set(line, builder, index - _table.First, value, index);
        if (IsSparse)
            SparseRowBytes.Write(_sparse, Precision, CollectionsMarshal.AsSpan(_columns), CollectionsMarshal.AsSpan(_values));
    }

    private void Set(in SvmlightLine line, BatchBuilder builder, int column, ReadOnlySpan<byte> text, int? index)
    {
        if (column == _selection.Id)
            builder.SetId(Encoding.UTF8.GetString(text));
        if (column == _selection.Label)
            builder.SetLabel(Encoding.UTF8.GetString(text));
        if (_places[column] < 0 && column != _selection.Weight)
        {
            // Nobody needs it, and it has to be a number all the same.
            if (index is { } unread)
                line.Value(unread, text);
            return;
        }

        double value = index is { } known ? line.Value(known, text)
            : NumberText.TryParse(text, out double label) ? label
            : throw line.Error($"the label '{SvmlightLine.Text(text)}' is no finite number: leave it out of the values and weights");
        if (column == _selection.Weight)
            builder.SetWeight(value >= 0 ? value : throw line.Error($"the weight {SvmlightLine.Text(text)} is negative: weights are at least 0"));
        if (_places[column] >= 0 && !(IsSparse ? TryAdd(_places[column], value) : builder.TrySetValue(_places[column], value)))
            throw line.Error($"the value '{SvmlightLine.Text(text)}' of column '{_table.Names[column]}' is beyond float32: store the rows with --dtype f8");
    }

    /// <summary>Adds a value to the sparse row; a 0, or what becomes one in this precision, is not there.</summary>
    /// <returns>False when it is beyond the precision.</returns>
    private bool TryAdd(int place, double value)
    {
        double stored = Precision == Precision.Float32 ? (float)value : value;
        if (stored != 0)
        {
            _columns.Add((uint)place);
            _values.Add(stored);
        }

        return double.IsFinite(stored);
    }

    private string? NameOf(int column) => column < 0 ? null : _table.Names[column];
}
