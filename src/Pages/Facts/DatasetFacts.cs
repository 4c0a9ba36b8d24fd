using System.Collections.Immutable;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Models;

namespace OrleansCluster.Pages.Facts;

/// <summary>A version of a dataset: what its page shows.</summary>
public sealed record DatasetFacts
{
    private const int MostValues = 1_000_000;
    private const int Bins = 24;

    public required DatasetVersion Dataset { get; init; }

    /// <summary>All versions, oldest first.</summary>
    public ImmutableArray<DatasetVersion> Versions { get; init; } = [];

    /// <summary>Versions of models that were trained on any of them.</summary>
    public ImmutableArray<VersionSummary> Models { get; init; } = [];

    /// <summary>Rows that <see cref="Counts"/> are of: the first ones.</summary>
    public long Sampled { get; init; }

    /// <summary>Of each column, rows in equally wide bins from its least to its greatest value, or of its commonest categories.</summary>
    public ImmutableArray<ImmutableArray<long>> Counts { get; init; } = [];

    /// <summary>Looks it up.</summary>
    /// <param name="newest">The dataset's newest version.</param>
    /// <param name="version">Which version; 0: the newest.</param>
    /// <exception cref="ClusteringException">There is no such version.</exception>
    public static async Task<DatasetFacts> LoadAsync(IClusteringClient client, DatasetVersion newest, int version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(newest);
        Task<ImmutableArray<ModelOutline>> models = client.Models.ListAsync(cancellation);
        var versions = new List<DatasetVersion>();
        await foreach (DatasetVersion one in client.Datasets.VersionsAsync(newest, cancellation).ConfigureAwait(false))
            versions.Add(one);
        DatasetVersion dataset = version == 0 ? newest : versions.FirstOrDefault(one => one.Version == version)
            ?? throw new ClusteringException($"There is no version {version} of the dataset '{newest.Name}'.");
        ImmutableArray<int> places = [.. Enumerable.Range(0, dataset.Columns.Length)];
        double[] values = await RowReading.FirstAsync(client.Datasets, dataset, places, MostValues, cancellation).ConfigureAwait(false);
        int rows = places.Length == 0 ? 0 : values.Length / places.Length;
        return new DatasetFacts
        {
            Dataset = dataset,
            Versions = [.. versions],
            Sampled = rows,
            Counts = [.. places.Select(column => Count(dataset.Columns[column], values, column, places.Length))],
            Models = [.. (await models.ConfigureAwait(false)).SelectMany(model => model.Versions).Where(one => one.Facts.Dataset == newest.Name)
                .OrderByDescending(one => one.Created)],
        };
    }

    private static ImmutableArray<long> Count(ColumnInfo column, double[] values, int place, int columns)
    {
        bool isCategory = column.Type == "category";
        var counts = new long[isCategory ? Math.Max(1, column.Categories.Length) : Bins];
        double wide = column.Maximum - column.Minimum;
        for (int i = place; i < values.Length; i += columns)
        {
            double value = values[i];
            if (!double.IsFinite(value))
                continue;
            int bin = isCategory ? (int)value : wide > 0 ? (int)((value - column.Minimum) / wide * Bins) : 0;
            counts[Math.Clamp(bin, 0, counts.Length - 1)]++;
        }

        return isCategory ? [.. counts.OrderDescending().Take(Bins)] : [.. counts];
    }
}
