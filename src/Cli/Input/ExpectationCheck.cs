using System.Collections.Immutable;
using OrleansCluster.Cli.Export;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Input;

/// <summary>Looks at rows as they are read, and puts those aside that are not as expected.</summary>
internal sealed class ExpectationCheck : IDisposable
{
    private readonly IRowReader _reader;
    private readonly ExpectedOfRows? _expected;
    private ITableWriter? _file;

    private ExpectationCheck(IRowReader reader, ExpectedOfRows? expected) => (_reader, _expected) = (reader, expected);

    /// <summary>Begins to look.</summary>
    /// <param name="reader">Reads the rows, and is ended with the check; becomes one that reads those that stay.</param>
    /// <param name="table">What messages call the rows.</param>
    /// <param name="expected">What is expected; null: nothing.</param>
    /// <exception cref="DataFormatException">It cannot be expected of these columns.</exception>
    public static ExpectationCheck Of(ref IRowReader reader, string table, ExpectedOfRows? expected)
    {
        IRowReader rows = reader;
        try
        {
            ExpectationCheck? check = null;
            if (expected is { Expectations.IsEmpty: false })
                reader = new ExpectedRows(rows, table, expected.Expectations, expected.Policy, (broken, why) => check!.PutAside(broken, why));
            check = new ExpectationCheck(reader, expected);
            if (expected is { Expectations.IsEmpty: false, Aside: not null })
                check.Begin(expected.Aside);
            return check;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Says how the rows were, when all were read; those that were put aside are in their file then.</summary>
    /// <exception cref="DataFormatException">They are refused.</exception>
    public ImmutableArray<ExpectationResult> Conclude()
    {
        if (_reader is not ExpectedRows rows)
            return [];
        ImmutableArray<ExpectationOutcome> outcomes = rows.Conclude();
        // Before the version, so that no row is nowhere.
        if (outcomes.Any(outcome => outcome.Broken > 0))
            _file?.Commit();
        return
        [
            .. outcomes.Select(outcome => new ExpectationResult
            {
                Expectation = outcome.Expectation.Text,
                Broken = outcome.Broken,
                PutAside = _expected!.Policy == BrokenRows.PutAside && outcome.Broken > 0,
            }),
        ];
    }

    public void Dispose()
    {
        _file?.Dispose();
        _reader.Dispose();
    }

    private TableColumns Columns() => new(
        _reader.Columns, _reader.Types, _reader.Precision, _reader.Categories, [.. Enumerable.Range(0, _reader.Columns.Count)]);

    private void Begin(string path)
    {
        OutputColumn[] ids = _reader.IdColumn is { } id ? [new OutputColumn(id, typeof(string))] : [];
        OutputColumn[] weights = _reader.WeightColumn is { } weight ? [new OutputColumn(weight, typeof(double))] : [];
        OutputColumn[] all = [new("place", typeof(string)), new("broken", typeof(string)), .. ids, .. Columns().Columns, .. weights];
        if (all.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key is { } twice)
            throw CommandException.Usage($"The rows have a column '{twice}', which rows that are put aside get besides: rename it.");
        _file = TableWriter.Create(path, all);
    }

    private void PutAside(RowBatch broken, IReadOnlyList<string> why) => _file?.Write(
    [
        Enumerable.Range(0, broken.Rows).Select(broken.Place).ToArray(),
        why.ToArray(),
        .. _reader.IdColumn is null ? [] : new Array[] { broken.Ids.ToArray() },
        .. Columns().Of(broken.ToBlock()),
        .. _reader.WeightColumn is null ? [] : new Array[] { broken.Weights.ToArray() },
    ]);
}
