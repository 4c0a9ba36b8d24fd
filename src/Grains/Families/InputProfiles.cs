using System.Collections.Immutable;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Families;

/// <summary>What the training rows of a model looked like before they were prepared, in the columns that people know.</summary>
internal static class InputProfiles
{
    /// <summary>Categories that are told apart; rows of further ones are counted together.</summary>
    private const int MostCategories = 63;

    /// <summary>The step that counts the values of rows as they lie in shards.</summary>
    public static EncodedStep Step(DatasetManifest manifest) => Frame(manifest).Encode();

    /// <summary>What came of it.</summary>
    /// <param name="rows">The counts.</param>
    /// <param name="manifest">The rows as they lie in shards.</param>
    /// <param name="inputs">The columns that the preparation needs: rows that the model is asked about have these.</param>
    public static ColumnProfileDocument[] Tell(ObservedRows rows, DatasetManifest manifest, ImmutableArray<RowColumn> inputs) =>
        Tell(rows, manifest, inputs.Select(input => input.Name).ToHashSet(StringComparer.Ordinal));

    private static ColumnProfileDocument[] Tell(ObservedRows rows, DatasetManifest manifest, HashSet<string> inputs) =>
    [
        .. manifest.RowColumns.Index().Where(column => inputs.Contains(column.Item.Name)).Select(column =>
        {
            BinCounts counts = rows.Columns[column.Index];
            return new ColumnProfileDocument
            {
                Name = column.Item.Name,
                Type = RowColumn.NameOf(column.Item.Type),
                Minimum = manifest.Columns[column.Index].Minimum,
                Maximum = manifest.Columns[column.Index].Maximum,
                Mean = counts.Mean,
                StandardDeviation = counts.Deviation,
                Counts = counts.Bins.ToArray(),
                Categories = column.Item.Type == ColumnType.Category ? [.. column.Item.Categories.Take(MostCategories)] : null,
                Others = counts.Above,
                Missing = counts.Missing,
            };
        }),
    ];

    private static ObservationFrame Frame(DatasetManifest manifest) => new(
        [
            .. manifest.RowColumns.Zip(manifest.Columns, (column, summary) => column.Type switch
            {
                ColumnType.Category => ValueBins.Places(Math.Min(column.Categories.Length, MostCategories)),
                ColumnType.Boolean => ValueBins.Places(2),
                _ => ValueBins.Even(summary.Minimum, summary.Maximum),
            }),
        ],
        [], 0);
}
