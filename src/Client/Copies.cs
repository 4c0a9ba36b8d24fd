using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Datasets;
using OrleansCluster.Models;

namespace OrleansCluster.Client;

/// <summary>Moves what a tenant has from one home or cluster to another: both stay, and copying again copies what is new.</summary>
public static class Copies
{
    /// <summary>Copies the versions of a dataset that are not there yet.</summary>
    /// <param name="from">Where they are.</param>
    /// <param name="name">The dataset.</param>
    /// <param name="to">Where they are wanted.</param>
    /// <param name="cancellation">Ends the copying; a version appears whole or not at all.</param>
    /// <returns>The newest version there, and how many were copied.</returns>
    /// <exception cref="ClusteringException">There is no such dataset, or one of that name there has other rows.</exception>
    public static async Task<(DatasetVersion Newest, int Copied)> CopyDatasetAsync(
        this IClusteringClient from, string name, IClusteringClient to, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        DatasetVersion newest = await from.Datasets.FindAsync(name, 0, cancellation).ConfigureAwait(false)
            ?? throw new ClusteringException($"There is no dataset '{name}'.");
        int copied = 0;
        DatasetVersion? last = null;
        name = newest.Name;
        await foreach (DatasetVersion rows in from.Datasets.VersionsAsync(newest, cancellation).ConfigureAwait(false))
        {
            // A number that was given and is free again stays so there.
            if (rows.Version != (last?.Version ?? 0) + 1
                && (await to.Datasets.HistoryAsync(name, cancellation).ConfigureAwait(false)).Length < rows.Version - 1)
            {
                ImmutableArray<DatasetVersionEntry> history = await from.Datasets.HistoryAsync(name, cancellation).ConfigureAwait(false);
                await to.Datasets.AdoptAsync(name, history[..(rows.Version - 1)], cancellation).ConfigureAwait(false);
            }

            last = await to.Datasets.FindAsync(name, rows.Version, cancellation).ConfigureAwait(false);
            if (last is null)
            {
                last = await CopyAsync(from, rows, to, cancellation).ConfigureAwait(false);
                copied++;
            }

            if (last.Manifest != rows.Manifest || last.Version != rows.Version)
                throw new ClusteringException($"The dataset '{name}' has other rows there as version {last.Version}: versions never change. Import it under "
                    + "another name.");
        }

        return (last!, copied);
    }

    /// <summary>Copies a model with all its versions, names, history, route and policy; one that is there already takes over what is newer.</summary>
    /// <param name="from">Where it is.</param>
    /// <param name="name">The model.</param>
    /// <param name="to">Where it is wanted.</param>
    /// <param name="cancellation">Ends the copying; the model changes there at the end, in one step.</param>
    /// <exception cref="ClusteringException">There is no such model, or the one there has changes of its own.</exception>
    public static async Task<ModelInfo> CopyModelAsync(this IClusteringClient from, string name, IClusteringClient to, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        PackedModel model = await from.Models.PackAsync(name, cancellation).ConfigureAwait(false)
            ?? throw new ClusteringException($"There is no model '{name}'.");
        foreach (string hash in model.Blobs)
            await to.Models.WriteBlobAsync(hash, from.Models.ReadBlobAsync(name, hash, cancellation), cancellation).ConfigureAwait(false);
        return await to.Models.UnpackAsync(name, model, cancellation).ConfigureAwait(false);
    }

    private static async Task<DatasetVersion> CopyAsync(IClusteringClient from, DatasetVersion rows, IClusteringClient to, CancellationToken cancellation)
    {
        var schema = new DatasetSchema
        {
            Name = rows.Name,
            Columns = [.. rows.Columns.Select(column => column.Name)],
            Precision = rows.Precision,
            IdColumn = rows.IdColumn,
            WeightColumn = rows.WeightColumn,
            Source = rows.Source,
            By = rows.By,
            Types = rows.Types(),
            Layout = rows.Layout,
        };
        await using IDatasetImport import = await to.Datasets.ImportAsync(schema, cancellation).ConfigureAwait(false);
        ImmutableArray<int> columns = [.. Enumerable.Range(0, rows.Columns.Length)];
        IAsyncEnumerable<DatasetRows> parts = rows.Layout.Length > 0 ? from.Datasets.ReadSparseAsync(rows, cancellation)
            : from.Datasets.ReadAsync(rows, columns, cancellation);
        await foreach (DatasetRows part in parts.ConfigureAwait(false))
            await import.AppendAsync(part.Values, MemoryMarshal.Cast<byte, double>(part.Weights.Span).ToArray(), part.Ids, cancellation).ConfigureAwait(false);
        await import.AddCategoriesAsync(rows.Columns, cancellation).ConfigureAwait(false);
        await import.ExpectAsync(rows.Expectations, cancellation).ConfigureAwait(false);
        return await import.CommitAsync(cancellation).ConfigureAwait(false);
    }
}
