using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Reads a sparse matrix in bounded memory, as dense rows or as sparse ones. Values of a row may come in any order, each column once.</summary>
internal sealed class CsrRowReader : EntriesReader
{
    private readonly CsrTable _table;
    private readonly NpyList _starts;
    private readonly NpyList _indices;
    private readonly NpyList _data;
    private readonly long[] _columns;
    private readonly double[] _values;
    private readonly uint[] _keptColumns;
    private readonly double[] _keptValues;

    /// <summary>Where the next rows end, of which so many are read.</summary>
    private readonly long[] _ends = new long[4096];
    private (int Next, int Read) _known;
    private long _end;

    public CsrRowReader(CsrTable table, ColumnSelection selection, ReadOptions options)
        : this(table, table.Part("data"), selection, options)
    {
    }

    private CsrRowReader(CsrTable table, NpyList data, ColumnSelection selection, ReadOptions options)
        : base(table.Names, selection, options, data.Element.Natural, mayBeSparse: true, hasLines: false)
    {
        if (options.Types is not null)
            throw new DataFormatException($"{table.Name} holds numbers alone, as a sparse matrix does: leave --types out.");
        (_table, _starts, _indices, _data) = (table, table.Part("indptr"), table.Part("indices"), data);
        CheckParts();
        (_columns, _values) = (new long[table.Width], new double[table.Width]);
        (_keptColumns, _keptValues) = (new uint[table.Width], new double[table.Width]);
    }

    public override void Dispose()
    {
        _starts.Dispose();
        _indices.Dispose();
        _data.Dispose();
        _table.Dispose();
    }

    private void CheckParts()
    {
        foreach (NpyList part in (ReadOnlySpan<NpyList>)[_starts, _indices])
        {
            if (part.Element is not { IsNumber: true, Kind: 'i' or 'u' })
                throw new DataFormatException($"{part.Name} has values of type '{part.Element.Type}' where whole numbers belong. Save the matrix again with "
                    + "scipy.sparse.save_npz.");
        }

        if (!_data.Element.IsNumber)
            throw _data.Element.Refusal(_data.Name);
        if (_starts.Count != _table.Rows + 1)
            throw Lies($"it has {_table.Rows} rows by its shape, and 'indptr' has {_starts.Count} values, which is not one more");
        if (_indices.Count != _data.Count)
            throw Lies($"'indices' has {_indices.Count} values, and 'data' {_data.Count}");
        var first = new long[1];
        _starts.Read(first);
        if (first[0] != 0)
            throw Lies($"'indptr' begins with {first[0]}, and not with 0");
    }

    private void CheckEnd()
    {
        if (_end != _data.Count)
            throw Lies($"by 'indptr' the last row ends at {_end}, and there are {_data.Count} values");
        _starts.End();
        _indices.End();
        _data.End();
    }

    protected override bool Next(BatchBuilder builder)
    {
        long row = Rows + builder.Rows;
        if (row == _table.Rows)
        {
            CheckEnd();
            return false;
        }

        int count = Entries(row);
        Span<long> columns = _columns.AsSpan(0, count);
        Span<double> values = _values.AsSpan(0, count);
        _indices.Read(columns);
        if (_data.Read(values) is >= 0 and var changed)
            throw Error(row, columns[changed], "is an integer beyond 2^53, which float64 would change: save float64 values, m.astype('f8')");
        Check(row, columns, values);
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (!double.IsFinite(values[i]))
                throw Error(row, columns[i], $"is {values[i].ToString(CultureInfo.InvariantCulture)}, and no finite number: remove the row, or fill the "
                    + "value in");
            if (Places[columns[i]] is not (>= 0 and var place))
                continue;
            double stored = Precision == Precision.Float32 ? (float)values[i] : values[i];
            if (!double.IsFinite(stored))
                throw Error(row, columns[i], "is beyond float32: store the rows with --dtype f8");
            if (!IsSparse)
                builder.TrySetValue(place, stored);
            else if (stored != 0)
                (_keptColumns[kept], _keptValues[kept++]) = ((uint)place, stored);
        }

        if (Selection.Weight >= 0)
        {
            double weight = Value(Selection.Weight, columns, values);
            builder.SetWeight(weight >= 0 ? weight : throw Error(row, Selection.Weight, "is a negative weight: weights are at least 0"));
        }

        if (Selection.Id >= 0)
            builder.SetId(Value(Selection.Id, columns, values).ToString(CultureInfo.InvariantCulture));
        if (Selection.Label >= 0)
            builder.SetLabel(Value(Selection.Label, columns, values).ToString(CultureInfo.InvariantCulture));
        if (IsSparse)
            Write(_keptColumns.AsSpan(0, kept), _keptValues.AsSpan(0, kept));
        return true;
    }

    /// <summary>How many values a row has.</summary>
    private int Entries(long row)
    {
        if (_known.Next == _known.Read)
        {
            int read = (int)Math.Min(_ends.Length, _table.Rows - row);
            _starts.Read(_ends.AsSpan(0, read));
            _known = (0, read);
        }

        long begin = _end;
        _end = _ends[_known.Next++];
        if (_end < begin || _end > _data.Count)
            throw Lies($"by 'indptr' row {row} has the values from {begin} to {_end}, of {_data.Count}");
        if (_end - begin > _table.Width)
            throw Lies($"row {row} has {_end - begin} values, and there are {_table.Width} columns: should some be there twice, add them up before, "
                + "m.sum_duplicates()");
        return (int)(_end - begin);
    }

    /// <summary>Has columns ascend, each once.</summary>
    private void Check(long row, Span<long> columns, Span<double> values)
    {
        bool ascend = true;
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i] < 0 || columns[i] >= _table.Width)
                throw Lies($"row {row} has a value in column {columns[i]}, of {_table.Width}, which count from 0");
            ascend &= i == 0 || columns[i] > columns[i - 1];
        }

        if (ascend)
            return;
        columns.Sort(values);
        for (int i = 1; i < columns.Length; i++)
        {
            if (columns[i] == columns[i - 1])
                throw Lies($"row {row} has column {columns[i]} twice: add such values up before, m.sum_duplicates()");
        }
    }

    private static double Value(int column, ReadOnlySpan<long> columns, ReadOnlySpan<double> values) =>
        columns.BinarySearch((long)column) is >= 0 and var at ? values[at] : 0;

    private DataFormatException Lies(string what) => new($"{_table.Name}: {what}. Save it again with scipy.sparse.save_npz.");

    private DataFormatException Error(long row, long column, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_table.Name}, row {row} (from 0), column {column} (from 0): the value {what}."));
}
