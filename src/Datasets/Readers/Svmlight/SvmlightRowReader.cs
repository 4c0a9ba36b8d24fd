using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Reads an svmlight text as dense rows, in bounded memory however wide they are.</summary>
internal sealed class SvmlightRowReader : IRowReader
{
    private readonly SvmlightTable _table;
    private readonly ColumnSelection _selection;
    private readonly ReadOptions _options;
    private readonly LineReader _lines;

    /// <summary>Where each column stands among the values; −1: it is not read.</summary>
    private readonly int[] _places;
    private long _rows;

    public SvmlightRowReader(SvmlightTable table, ColumnSelection selection, ReadOptions options)
    {
        (_table, _selection, _options) = (table, selection, options);
        _places = new int[table.Width + 1];
        Array.Fill(_places, -1);
        for (int place = 0; place < selection.Values.Length; place++)
            _places[selection.Values[place]] = place;
        Columns = selection.Names(table.Names);
        Precision = options.Precision ?? Precision.Float64;
        _lines = table.Lines();
    }

    public IReadOnlyList<string> Columns { get; }

    public Precision Precision { get; }

    public ImmutableArray<ColumnType> Types => _options.Typed ? [.. Enumerable.Repeat(ColumnType.Number, _selection.Values.Length)] : [];

    public string? IdColumn => NameOf(_selection.Id);

    public string? WeightColumn => NameOf(_selection.Weight);

    public string? LabelColumn => NameOf(_selection.Label);

    public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
    {
        int capacity = BatchBuilder.RowsFor(_selection, Precision);
        var builder = new BatchBuilder(_selection, Precision, _rows, capacity, hasLines: true);
        builder.Values.Clear();
        while (builder.Rows < capacity && _lines.Next())
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
        Set(line, builder, _table.Width, line.Label, index: null);
        while (line.Next(out int index, out ReadOnlySpan<byte> value))
            Set(line, builder, index - _table.First, value, index);
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
        if (_places[column] >= 0 && !builder.TrySetValue(_places[column], value))
            throw line.Error($"the value '{SvmlightLine.Text(text)}' of column '{_table.Names[column]}' is beyond float32: store the rows with --dtype f8");
    }

    private string? NameOf(int column) => column < 0 ? null : _table.Names[column];
}
