using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Client;

/// <content>What becomes of datasets later, and who needs them.</content>
internal sealed partial class DatasetClient
{
    public Task<ImmutableArray<DatasetVersionEntry>> HistoryAsync(string name, CancellationToken cancellation = default) =>
        Calls.Ask(() => Dataset(name).Entries(cancellation), cancellation);

    public async IAsyncEnumerable<ShardOrigin> OriginsAsync(
        string name, int version, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (int first = 0; ;)
        {
            int next = first;
            ImmutableArray<ShardOrigin> page = await Calls.Ask(() => Dataset(name).Origins(version, next, cancellation), cancellation).ConfigureAwait(false);
            foreach (ShardOrigin origin in page)
                yield return origin;
            if (page.IsEmpty)
                yield break;
            first += page.Length;
        }
    }

    public async Task<ImmutableArray<DatasetUse>> UsesAsync(string name, int version = 0, CancellationToken cancellation = default)
    {
        var found = new List<DatasetUse>();
        var meant = new Dictionary<(string Name, int Version), string>();
        foreach (ModelOutline model in await _models.ListAsync(cancellation).ConfigureAwait(false))
        {
            foreach (VersionSummary one in model.Versions)
            {
                if (await IsMeantAsync(one.Facts.Dataset, one.Facts.DatasetVersion).ConfigureAwait(false))
                    found.Add(new DatasetUse("model", model.Name, one.Version, one.Facts.DatasetVersion));
            }
        }

        foreach (JobStatus job in await _jobs.ListAsync(cancellation).ConfigureAwait(false))
        {
            if (job.State is JobState.Queued or JobState.Running or JobState.Interrupted
                && await IsMeantAsync(job.Dataset, job.DatasetVersion).ConfigureAwait(false))
                found.Add(new DatasetUse("job", job.Id, 0, job.DatasetVersion));
        }

        return [.. found];

        // Under a name that the dataset had before it is meant as well.
        async Task<bool> IsMeantAsync(string dataset, int number)
        {
            if (version != 0 && number != version)
                return false;
            if (dataset == name)
                return true;
            if (!meant.TryGetValue((dataset, number), out string? now))
                meant[(dataset, number)] = now = (await FindAsync(dataset, number, cancellation).ConfigureAwait(false))?.Name ?? "";
            return now == name;
        }
    }

    public async Task<DatasetDeletion> DeleteAsync(string name, int version, bool force = false, CancellationToken cancellation = default)
    {
        ImmutableArray<DatasetVersionEntry> entries = await HistoryAsync(name, cancellation).ConfigureAwait(false);
        if (version != 0 ? version > entries.Length || !entries[version - 1].IsHere() : !entries.Any(entry => entry.IsHere()))
        {
            // Its name may be left behind by one who did not come to the end.
            await Calls.Ask(() => Dataset(name).Delete(version, cancellation), cancellation).ConfigureAwait(false);
            throw new ClusteringException(version == 0 ? $"There is no dataset '{name}'." : $"There is no version {version} of the dataset '{name}'.");
        }

        ImmutableArray<DatasetUse> uses = await UsesAsync(name, version, cancellation).ConfigureAwait(false);
        // Versions that were deleted before are lost already.
        uses = [.. uses.Where(use => entries.Length >= use.DatasetVersion && entries[use.DatasetVersion - 1].IsHere())];
        if (!uses.IsEmpty && !force)
        {
            const int most = 5;
            string more = uses.Length > most ? $" and {uses.Length - most} more" : "";
            throw new ClusteringException(
                (version == 0 ? $"The dataset '{name}'" : $"Version {version} of the dataset '{name}'")
                    + $" is needed: {string.Join("; ", uses.Take(most))}{more}. " + "Nothing was deleted: delete those first, or force it.");
        }

        return new DatasetDeletion(await Calls.Ask(() => Dataset(name).Delete(version, cancellation), cancellation).ConfigureAwait(false), uses);
    }

    public async Task<DatasetVersion> RenameAsync(string name, string to, CancellationToken cancellation = default)
    {
        to = GrainKeys.CheckName("dataset", to);
        await Calls.Ask(() => Dataset(name).Rename(to, cancellation), cancellation).ConfigureAwait(false);
        return (await FindAsync(to, 0, cancellation).ConfigureAwait(false))!;
    }

    public Task AdoptAsync(string name, ImmutableArray<DatasetVersionEntry> versions, CancellationToken cancellation = default) =>
        Calls.Ask(() => Dataset(name).Adopt(versions, "", cancellation), cancellation);

    private IDatasetGrain Dataset(string name) => grains.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("dataset", name)));
}
