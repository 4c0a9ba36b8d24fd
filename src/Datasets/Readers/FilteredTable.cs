using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Some rows of a table: those that meet conditions, and the first of them; and columns beside their values.</summary>
internal sealed class FilteredTable(ITable table) : ITable
{
    public string Name => table.Name;

    public ImmutableArray<string> Columns => table.Columns;

    public bool HasNames => table.HasNames;

    public IReadOnlyList<int> Choose(ReadOptions options) => table.Choose(options);

    public IRowReader Read(ReadOptions options, IReadOnlyList<int>? values = null)
    {
        IReadOnlyList<int> wanted = options.LabelsOnly ? [] : values ?? table.Choose(options);
        var names = new ColumnNames(table.Name, table.Columns);
        RowCondition[] conditions = [.. options.Where.Select(condition => RowCondition.Parse(condition))];
        int[] tested = [.. conditions.Select(condition => names.Find(condition.Column, "--where"))];
        int[] beside = options.LabelsOnly ? [] : [.. (options.Beside ?? []).Except(wanted)];
        if ((conditions.Length == 0 && beside.Length == 0) || options.LabelsOnly)
            return new FilteredReader(table, table.Read(options, values), options, (wanted.Count, 0), [], []);
        int id = options.IdColumn is null ? -1 : names.Find(options.IdColumn, "--id-column");
        int[] more = [.. tested.Where(column => column != id && !wanted.Contains(column) && !beside.Contains(column)).Distinct()];
        // Rows that are passed over may lack values; those that stay are looked at afterwards.
        ReadOptions inner = options with
        {
            Sparse = false,
            Typed = true,
            AllowsMissing = true,
            Types = options.Typed || beside.Length > 0 ? options.Types : null,
            KnownTypes = options.Typed ? options.KnownTypes : wanted.ToDictionary(column => names[column], _ => ColumnType.Number, StringComparer.Ordinal),
            LabelsOnly = false,
        };
        int[] read = [.. wanted, .. beside, .. more];
        IRowReader reader = table.Read(inner, read);
        return new FilteredReader(table, reader, options, (wanted.Count, beside.Length), conditions, [.. tested.Select(column => Array.IndexOf(read, column))]);
    }

    public void Dispose() => table.Dispose();
}

/// <summary>Rows of a reader that meet conditions, without the columns that only conditions are about.</summary>
internal sealed class FilteredReader : IRowReader
{
    private readonly IRowReader _reader;
    private readonly ReadOptions _options;
    private readonly string _name;
    private readonly int _values;
    private readonly int _width;
    private readonly (int Place, Func<double, bool> Value, Func<string, bool>? Id)[] _tests;
    private readonly bool _isWhole;
    private long _left;
    private long _rows;

    public FilteredReader(ITable table, IRowReader reader, ReadOptions options, (int Values, int Beside) width, RowCondition[] conditions, int[] places)
    {
        (_reader, _options, _name, _left) = (reader, options, table.Name, options.Limit ?? long.MaxValue);
        (_values, _width) = (width.Values, width.Values + width.Beside);
        try
        {
            _tests =
            [
                .. conditions.Select((condition, i) => (places[i],
                    places[i] < 0 ? _ => true : condition.Test(TypeOf(places[i]), table.Name, value => reader.Categories(places[i])[value]),
                    places[i] < 0 ? condition.TestId(table.Name) : (Func<string, bool>?)null)),
            ];
        }
        catch
        {
            reader.Dispose();
            throw;
        }

        _isWhole = conditions.Length == 0 && _width == _values;
        int other = options.Typed || _width == _values ? -1
            : Enumerable.Range(0, _values).FirstOrDefault(column => TypeOf(column) != ColumnType.Number, -1);
        if (other >= 0)
        {
            reader.Dispose();
            throw new DataFormatException($"{_name}: column '{reader.Columns[other]}' is to be a {RowColumn.NameOf(TypeOf(other))} by --types, and is needed "
                + "as a number. Leave it out of --types.");
        }
    }

    public IReadOnlyList<string> Columns => [.. _reader.Columns.Take(_width)];

    public Precision Precision => _reader.Precision;

    public bool IsSparse => _reader.IsSparse;

    public ImmutableArray<ColumnType> Types => (_options.Typed || _width > _values) && !_reader.Types.IsDefaultOrEmpty ? _reader.Types[.._width] : [];

    public IReadOnlyList<string> Categories(int column) => _reader.Categories(column);

    public string? IdColumn => _reader.IdColumn;

    public string? WeightColumn => _reader.WeightColumn;

    public string? LabelColumn => _reader.LabelColumn;

    public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
    {
        while (_left > 0 && _reader.ReadBatch(out RowBatch? read))
        {
            int[] kept = Keep(read);
            if (kept.Length == 0)
                continue;
            batch = read.Select(kept, _width, _rows);
            (_left, _rows) = (_left - kept.Length, _rows + kept.Length);
            return true;
        }

        if (_rows == 0 && _options.Where.Count > 0 && _left > 0)
        {
            string conditions = string.Join(" and ", _options.Where.Select(where => $"'{where}'"));
            throw new DataFormatException($"{_name} has no row for which {conditions}. Ask for others with --where.");
        }

        batch = null;
        return false;
    }

    public void Dispose() => _reader.Dispose();

    private ColumnType TypeOf(int column) => _reader.Types.IsDefaultOrEmpty ? ColumnType.Number : _reader.Types[column];

    private int[] Keep(RowBatch batch)
    {
        int most = (int)Math.Min(_left, batch.Rows);
        if (_isWhole)
            return [.. Enumerable.Range(0, most)];
        var kept = new List<int>();
        RowBlock? block = batch.Columns > 0 ? batch.ToBlock() : null;
        var row = new double[batch.Columns];
        for (int i = 0; i < batch.Rows && kept.Count < most; i++)
        {
            block?.CopyRow(i, row);
            if (Array.TrueForAll(_tests, test => test.Id is null ? test.Value(row[test.Place]) : test.Id(batch.Ids[i])))
            {
                CheckMissing(batch, row, i);
                kept.Add(i);
            }
        }

        return [.. kept];
    }

    private void CheckMissing(RowBatch batch, double[] row, int index)
    {
        for (int column = 0; column < _values; column++)
        {
            if (double.IsNaN(row[column]) && !(_options.Typed && (_options.AllowsMissing || TypeOf(column) == ColumnType.Category)))
                throw new DataFormatException($"{_name}, {batch.Place(index)}, column '{_reader.Columns[column]}': the value is missing. "
                    + $"Fill it in, or leave such rows out with --where '{_reader.Columns[column]} is not missing'.");
        }
    }
}
