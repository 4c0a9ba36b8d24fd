using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansCluster.Cli.Export;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Input;

/// <summary>Rows of a dataset for a model.</summary>
internal sealed class DatasetRowSource : ModelRows
{
    private readonly IClusteringClient _client;
    private readonly DatasetVersion _dataset;
    private readonly int[] _values;

    /// <summary>Positions of the columns that are kept and not the model's.</summary>
    private readonly int[] _beside;
    private readonly int? _label;

    private readonly AskedColumns _columns;

    private DatasetRowSource(IClusteringClient client, DatasetVersion dataset, AskedColumns columns, int[] values, int[]? kept, int? label)
        : base(NameOf(dataset), columns)
    {
        (_client, _dataset, _columns, _values, _label, _beside) = (client, dataset, columns, values, label, [.. (kept ?? []).Except(values)]);
        int[] read = [.. values, .. _beside];
        Kept = kept is null ? null : TableColumns.Of(dataset, read, [.. kept.Select(column => Array.IndexOf(read, column))]);
    }

    public override string? IdColumn => _dataset.IdColumn;

    /// <summary>What the columns are, whatever the model has; none of a dataset of numbers, where it takes rows as they are.</summary>
    protected override ImmutableArray<TypedColumn> Types => _columns.Types.IsEmpty && _dataset.Types().IsEmpty
        ? []
        :
        [
            .. _values.Select((place, column) => new TypedColumn
            {
                Name = _columns.Names[column],
                Type = _dataset.Columns[place].Type is { Length: > 0 } type ? type : "number",
                Categories = _dataset.Columns[place].Categories,
            }),
        ];

    /// <exception cref="DataFormatException">The dataset has not the columns asked for.</exception>
    /// <exception cref="CommandException">Its columns are not the model's.</exception>
    public static DatasetRowSource Open(IClusteringClient client, DatasetVersion dataset, RowQuery query, AskedColumns columns)
    {
        string name = $"the dataset {NameOf(dataset)}";
        string[] names = [.. dataset.Columns.Select(column => column.Name)];
        // The labels may be the rows' ids.
        int? label = query.Read.LabelColumn is not { } wanted ? null
            : wanted == dataset.IdColumn ? -1
            : ColumnChoice.Find(wanted, names, name)[0];
        var match = new ColumnMatch(name, names, hasNames: true, columns.Names);
        int[]? chosen = query.Read.Columns is { } list ? ColumnChoice.Find(list, names, name) : null;
        int[] values = match.Find(chosen, () => [.. Enumerable.Range(0, names.Length).Where(column => column != label)], query.ByPosition);
        NoteNames(match, name);
        int[]? kept = query.Keep is null ? null
            : query.Keep.Length == 0 ? [.. Enumerable.Range(0, names.Length)] : ColumnChoice.Find(query.Keep, names, name, "--keep-columns");
        return new DatasetRowSource(client, dataset, columns, values, kept, label);
    }

    public override async IAsyncEnumerable<RowBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        Precision precision = _dataset.Precision == "f4" ? Precision.Float32 : Precision.Float64;
        bool inValues = _label >= 0;
        long first = 0;
        int width = _values.Length + _beside.Length;
        int[] read = [.. _values, .. _beside, .. inValues ? new[] { _label!.Value } : []];
        await foreach (DatasetRows rows in _client.Datasets.ReadAsync(_dataset, [.. read], cancellation).ConfigureAwait(false))
        {
            RowBlock block = RowBytes.AsBlock(rows.Values, precision, width + (inValues ? 1 : 0));
            yield return new RowBatch
            {
                FirstRow = first,
                Rows = rows.Rows,
                Columns = width,
                Precision = precision,
                Values = inValues ? RowBytes.OfColumns(block, [.. Enumerable.Range(0, width)]) : rows.Values,
                Weights = MemoryMarshal.Cast<byte, double>(rows.Weights.Span).ToArray(),
                Ids = rows.Ids,
                Labels = _label is null ? [] : inValues ? [.. Last(block)] : rows.Ids,
            };
            first += rows.Rows;
        }
    }

    public override void Dispose()
    {
    }

    private static string NameOf(DatasetVersion dataset) => $"{dataset.Name}@{dataset.Version.ToString(CultureInfo.InvariantCulture)}";

    private static IEnumerable<string> Last(RowBlock rows)
    {
        var row = new double[rows.Columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            rows.CopyRow(i, row);
            yield return row[^1].ToString(CultureInfo.InvariantCulture);
        }
    }
}
