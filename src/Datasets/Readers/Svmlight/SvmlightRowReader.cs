using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Reads an svmlight text, as dense rows in bounded memory however wide they are, or as sparse ones.</summary>
internal sealed class SvmlightRowReader : EntriesReader
{
    private readonly SvmlightTable _table;
    private readonly LineReader _lines;
    private readonly List<uint> _columns = [];
    private readonly List<double> _values = [];

    public SvmlightRowReader(SvmlightTable table, ColumnSelection selection, ReadOptions options)
        // Labels would have to be sorted among the values.
        : base(table.Names, selection, options, Precision.Float64, mayBeSparse: !selection.Values.Contains(table.Width), hasLines: true)
    {
        if (options.Types is not null)
            throw new DataFormatException($"{table.Name} holds numbers alone, as svmlight text does: leave --types out.");
        (_table, _lines) = (table, table.Lines());
    }

    public override void Dispose()
    {
        _lines.Dispose();
        _table.Dispose();
    }

    protected override bool Next(BatchBuilder builder)
    {
        while (_lines.Next())
        {
            var line = new SvmlightLine(_table.Name, _lines.Line, _lines.Record);
            if (line.IsEmpty)
                continue;
            Read(line, builder);
            builder.SetLine(_lines.Line);
            return true;
        }

        return Rows + builder.Rows > 0 ? false : throw new DataFormatException($"{_table.Name} has no rows. Give a file with rows.");
    }

    private void Read(SvmlightLine line, BatchBuilder builder)
    {
        _columns.Clear();
        _values.Clear();
        Set(line, builder, _table.Width, line.Label, index: null);
        while (line.Next(out int index, out ReadOnlySpan<byte> value))
            Set(line, builder, index - _table.First, value, index);
        if (IsSparse)
            Write(CollectionsMarshal.AsSpan(_columns), CollectionsMarshal.AsSpan(_values));
    }

    private void Set(in SvmlightLine line, BatchBuilder builder, int column, ReadOnlySpan<byte> text, int? index)
    {
        if (column == Selection.Id)
            builder.SetId(Encoding.UTF8.GetString(text));
        if (column == Selection.Label)
            builder.SetLabel(Encoding.UTF8.GetString(text));
        if (Places[column] < 0 && column != Selection.Weight)
        {
            // Nobody needs it, and it has to be a number all the same.
            if (index is { } unread)
                line.Value(unread, text);
            return;
        }

        double value = index is { } known ? line.Value(known, text)
            : NumberText.TryParse(text, out double label) ? label
            : throw line.Error($"the label '{SvmlightLine.Text(text)}' is no finite number: leave it out of the values and weights");
        if (column == Selection.Weight)
            builder.SetWeight(value >= 0 ? value : throw line.Error($"the weight {SvmlightLine.Text(text)} is negative: weights are at least 0"));
        if (Places[column] >= 0 && !(IsSparse ? TryAdd(Places[column], value) : builder.TrySetValue(Places[column], value)))
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
}
