using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>What becomes of rows that are not as expected.</summary>
public enum BrokenRows
{
    /// <summary>All rows are refused, when all were looked at.</summary>
    Refuse,

    /// <summary>They are kept, and counted.</summary>
    Count,

    /// <summary>They are left out, and told to somebody who puts them aside.</summary>
    PutAside,
}

/// <summary>How an expectation was met.</summary>
/// <param name="Expectation">What was expected.</param>
/// <param name="Broken">Rows that broke it; of a share of missing values that is too large, the rows that lack one.</param>
public sealed record ExpectationOutcome(Expectation Expectation, long Broken);

/// <summary>Rows of a reader that are looked at as they pass; at the end <see cref="Conclude"/> tells how they were.</summary>
public sealed class ExpectedRows : IRowReader
{
    private readonly IRowReader _reader;
    private readonly string _table;
    private readonly BrokenRows _policy;
    private readonly Action<RowBatch, IReadOnlyList<string>>? _aside;
    private readonly ImmutableArray<Expectation> _expectations;
    private readonly int[] _columns;
    private readonly Func<double, bool>?[] _tests;
    private readonly long[] _broken;
    private readonly long[] _missing;
    private readonly string?[] _first;
    private long _looked;
    private long _rows;

    /// <param name="reader">Reads them; it is ended with this one.</param>
    /// <param name="table">What messages call the table.</param>
    /// <param name="expectations">What is expected.</param>
    /// <param name="policy">What becomes of rows that are not so.</param>
    /// <param name="aside">Takes those that are put aside, each with the expectations that it broke.</param>
    /// <exception cref="DataFormatException">There is no such column, or it cannot be compared so.</exception>
    public ExpectedRows(
        IRowReader reader, string table, ImmutableArray<Expectation> expectations, BrokenRows policy, Action<RowBatch, IReadOnlyList<string>>? aside = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.IsSparse && policy == BrokenRows.PutAside)
            throw new DataFormatException($"{table} has sparse rows, which are not put aside as a table: import them with --dense, or have broken rows refused "
                + "or counted.");
        (_reader, _table, _expectations, _policy, _aside) = (reader, table, expectations, policy, aside);
        var names = new ColumnNames(table, [.. reader.Columns]);
        _columns = [.. expectations.Select(expectation => names.Find(expectation.Column, "--expect"))];
        _tests = [.. expectations.Select((expectation, i) => expectation.IsOfRows
            ? expectation.Test(TypeOf(_columns[i]), table, value => reader.Categories(_columns[i])[value]) : null)];
        (_broken, _missing, _first) = (new long[expectations.Length], new long[expectations.Length], new string?[expectations.Length]);
    }

    public IReadOnlyList<string> Columns => _reader.Columns;

    public bool IsSparse => _reader.IsSparse;

    public Precision Precision => _reader.Precision;

    public ImmutableArray<ColumnType> Types => _reader.Types;

    public string? IdColumn => _reader.IdColumn;

    public string? WeightColumn => _reader.WeightColumn;

    public string? LabelColumn => _reader.LabelColumn;

    public IReadOnlyList<string> Categories(int column) => _reader.Categories(column);

    public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
    {
        while (_reader.ReadBatch(out batch))
        {
            List<int> broken = Look(batch, out List<string> why);
            if (broken.Count == 0 || _policy == BrokenRows.Count)
            {
                batch = batch with { FirstRow = _rows, Places = Placed(batch) };
                _rows += batch.Rows;
                return true;
            }

            if (_policy == BrokenRows.PutAside)
                _aside?.Invoke(batch.Select([.. broken], batch.Columns, 0), why);
            int[] kept = [.. Enumerable.Range(0, batch.Rows).Except(broken)];
            if (kept.Length == 0)
                continue;
            batch = batch.Select(kept, batch.Columns, _rows);
            _rows += kept.Length;
            return true;
        }

        return false;
    }

    /// <summary>Says, when all was read, how the rows were.</summary>
    /// <exception cref="DataFormatException">They are refused; the message says how many broke what, and where the first is.</exception>
    public ImmutableArray<ExpectationOutcome> Conclude()
    {
        long[] broken = [.. _expectations.Select((expectation, i) => expectation.IsOfRows ? _broken[i]
            : expectation.Holds(_missing[i], Counted) ? 0 : Math.Max(1, _missing[i]))];
        // Rows can be put aside, and the lack of values cannot.
        int[] refused = [.. Enumerable.Range(0, broken.Length).Where(i => broken[i] > 0
            && (_policy == BrokenRows.Refuse || (_policy == BrokenRows.PutAside && !_expectations[i].IsOfRows)))];
        if (refused.Length > 0)
        {
            throw new DataFormatException($"{_table}: {string.Join("; ", refused.Select(i => Tell(i, broken[i])))}. Nothing was published: correct the rows, "
                + "or say with --on-broken that such are counted, or put aside (quarantine=FILE).");
        }

        return [.. _expectations.Select((expectation, i) => new ExpectationOutcome(expectation, broken[i]))];
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Rows that count for shares: those that stay.</summary>
    private long Counted => _policy == BrokenRows.PutAside ? _rows : _looked;

    private ColumnType TypeOf(int column) => _reader.Types.IsDefaultOrEmpty ? ColumnType.Number : _reader.Types[column];

    private static ImmutableArray<long> Placed(RowBatch batch) =>
        batch.Lines.IsEmpty && batch.Places.IsEmpty ? [.. Enumerable.Range(0, batch.Rows).Select(row => batch.FirstRow + row)] : batch.Places;

    private string Tell(int i, long broken) => _expectations[i].IsOfRows
        ? $"{Number(broken)} of {Number(_looked)} row{(_looked == 1 ? "" : "s")} break{(broken == 1 ? "s" : "")} '{_expectations[i].Text}', the first at "
            + _first[i]
        : $"{Number(_missing[i])} of {Number(Counted)} rows have no '{_reader.Columns[_columns[i]]}', which breaks '{_expectations[i].Text}'";

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private List<int> Look(RowBatch batch, out List<string> why)
    {
        var broken = new List<int>();
        why = [];
        RowBlock? block = batch.IsSparse ? null : batch.ToBlock();
        ReadOnlySpan<byte> rest = batch.IsSparse ? batch.Values.Span : [];
        var row = new double[batch.Columns];
        double[] values = [];
        for (int i = 0; i < batch.Rows; i++)
        {
            ReadOnlySpan<uint> known = block is null ? SparseRowBytes.Take(ref rest, batch.Precision, ref values) : [];
            block?.CopyRow(i, row);
            for (int j = 0; j < known.Length; j++)
                row[known[j]] = values[j];
            string breaks = "";
            for (int e = 0; e < _tests.Length; e++)
            {
                if (_tests[e] is not { } test || test(row[_columns[e]]))
                    continue;
                _broken[e]++;
                _first[e] ??= $"{batch.Place(i)} ({_reader.Columns[_columns[e]]} is {Show(_columns[e], row[_columns[e]])})";
                breaks += (breaks.Length > 0 ? "; " : "") + _expectations[e].Text;
            }

            if (breaks.Length > 0)
            {
                broken.Add(i);
                why.Add(breaks);
            }

            for (int e = 0; e < _tests.Length; e++)
            {
                if (double.IsNaN(row[_columns[e]]) && (breaks.Length == 0 || _policy != BrokenRows.PutAside))
                    _missing[e]++;
            }

            foreach (uint column in known)
                row[column] = 0;
        }

        _looked += batch.Rows;
        return broken;
    }

    private string Show(int column, double value) => double.IsNaN(value) ? "missing" : TypeOf(column) switch
    {
        ColumnType.Category => $"'{_reader.Categories(column)[(int)value]}'",
        ColumnType.Boolean => value == 0 ? "false" : "true",
        ColumnType.Time => ShownTime.Of(value),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
