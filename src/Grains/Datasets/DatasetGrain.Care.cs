using System.Collections.Immutable;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Datasets;

/// <content>What becomes of versions later: other names, no rows, another home.</content>
public sealed partial class DatasetGrain
{
    /// <summary>Origins in a message: some hundred bytes each.</summary>
    private const int MostOrigins = 200;

    public Task<ImmutableArray<DatasetVersionEntry>> Entries(CancellationToken cancellation = default) => Task.FromResult(Versions);

    public async Task<ImmutableArray<ShardOrigin>> Origins(int version, int first, CancellationToken cancellation = default)
    {
        if (version < 1 || version > Versions.Length || Versions[version - 1] is { Deleted: not null })
            throw new ClusteringException($"There is no version {version} of the dataset '{Name}'.");
        if (Versions[version - 1] is { Moved.Length: > 0 } moved)
            return await Other(moved.Moved).Origins(version, first, cancellation);
        ImmutableArray<ShardEntry> shards = (await manifests.Get(Versions[version - 1].Manifest, cancellation)).Shards;
        int[] wanted = [.. Enumerable.Range(first, Math.Clamp(shards.Length - first, 0, MostOrigins))];
        var origins = wanted.ToDictionary(shard => shard, _ => version);
        // A version shares with those before it what was there already, which is where it is now. Of those that were let go of it is known where they went on.
        var shared = new Dictionary<int, HashSet<int>> { [version] = [.. wanted] };
        for (int earlier = version - 1; earlier >= 1; earlier--)
        {
            DatasetVersionEntry entry = Versions[earlier - 1];
            HashSet<int> its = [];
            if (entry.IsHere())
            {
                DatasetManifest before = await manifests.Get(entry.Manifest, cancellation);
                its = [.. wanted.Where(shard => shard < before.Shards.Length && before.Shards[shard].Hash == shards[shard].Hash)];
            }
            else if (entry.Within > 0 && shared.TryGetValue(entry.Within, out HashSet<int>? whole))
            {
                its = [.. whole.Where(shard => DatasetManifest.FirstRow(shard + 1) <= entry.Rows)];
            }

            shared[earlier] = its;
            foreach (int shard in its)
                origins[shard] = earlier;
        }

        return [.. wanted.Select(shard => new ShardOrigin
        {
            Shard = shard,
            Hash = shards[shard].Hash,
            Rows = shards[shard].Rows,
            Bytes = shards[shard].Bytes,
            Version = origins[shard],
            Source = Versions[origins[shard] - 1].Source,
            Created = Versions[origins[shard] - 1].Created,
            By = Versions[origins[shard] - 1].By,
        })];
    }

    public async Task<ImmutableArray<int>> Delete(int version, CancellationToken cancellation = default)
    {
        ImmutableArray<int> going =
            [.. Enumerable.Range(1, Versions.Length).Where(one => (version == 0 || one == version) && Versions[one - 1].IsHere())];
        if (!going.IsEmpty)
        {
            DateTimeOffset now = time.GetUtcNow();
            await this.Write(state, new DatasetState
            {
                Versions = [.. Versions.Select((entry, index) => going.Contains(index + 1) ? entry with { Deleted = now } : entry)],
            });
        }

        // Also where it was deleted before, by one who did not come to this.
        if (Newest() == 0)
            await Catalog().Remove(Name, cancellation);
        return going;
    }

    public async Task<ImmutableArray<int>> Compact(ImmutableArray<DatasetHead> heads, CancellationToken cancellation = default)
    {
        var going = new Dictionary<int, DatasetHead>();
        foreach (DatasetHead head in heads)
        {
            if (head.Version < 1 || head.Version > Versions.Length || head.Within <= head.Version || head.Within > Versions.Length)
                throw new ClusteringException($"The dataset '{Name}' has no version {head.Version} that a version {head.Within} could begin with.");
            if (Versions[head.Version - 1].IsHere())
                going[head.Version] = head;
        }

        // What is kept for them has to be here when they are gone.
        foreach (DatasetHead head in going.Values)
        {
            int end = head.Within;
            while (going.TryGetValue(end, out DatasetHead? next))
                end = next.Within;
            if (!Versions[end - 1].IsHere())
                throw new ClusteringException($"Version {end} of the dataset '{Name}' was deleted meanwhile. Nothing was changed: compact it again.");
        }

        if (going.Count > 0)
        {
            DateTimeOffset now = time.GetUtcNow();
            await this.Write(state, new DatasetState
            {
                Versions = [.. Versions.Select((entry, index) => going.TryGetValue(index + 1, out DatasetHead? head)
                    ? entry with { Deleted = now, Within = head.Within, Rows = head.Rows } : entry)],
            });
        }

        return [.. going.Keys.Order()];
    }

    public async Task Rename(string to, CancellationToken cancellation = default)
    {
        GrainKeys.CheckKept("dataset", to);
        if (to == Name)
            throw new ClusteringException($"The dataset '{to}' is called so already.");
        if (Newest() == 0)
        {
            // Asked again, because the answer was lost.
            if (Versions is [.., { } last] && last.Moved == to)
                return;
            throw new ClusteringException($"There is no dataset '{Name}'.");
        }

        // There before it goes from here: in between it has two names.
        await Other(to).Adopt(Versions, Name, cancellation);
        await this.Write(state, new DatasetState { Versions = [.. Versions.Select(entry => entry.IsHere() ? entry with { Moved = to } : entry)] });
        await Catalog().Remove(Name, cancellation);
    }

    public Task<PackedState?> PackState(CancellationToken cancellation = default) => Task.FromResult(Versions.IsEmpty ? null : new PackedState
    {
        State = states.SerializeToArray(state.State),
        Manifests = [.. Versions.Where(entry => entry.IsHere()).Select(entry => entry.Manifest)],
        Datasets = [.. Versions.Select(entry => entry.Moved).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)],
    });

    public Task UnpackState(ReadOnlyMemory<byte> packed, CancellationToken cancellation = default) =>
        Adopt(states.Read(packed, $"dataset '{Name}'").Versions, "", cancellation);

    public async Task Adopt(ImmutableArray<DatasetVersionEntry> versions, string from, CancellationToken cancellation = default)
    {
        for (int index = 0; index < Versions.Length; index++)
        {
            DatasetVersionEntry here = Versions[index];
            // What went from here to there comes back.
            bool same = index < versions.Length && here.Manifest == versions[index].Manifest && (here.Moved.Length == 0 || here.Moved == from);
            if (same || (from.Length == 0 && index >= versions.Length))
                continue;
            throw new ClusteringException(Newest() > 0
                ? $"There is a dataset '{Name}' already, whose version {index + 1} has other rows: choose another name."
                : $"The name '{Name}' was that of another dataset, whose versions are still told apart from these by it: choose another name.");
        }

        foreach (DatasetVersionEntry entry in versions.Where(entry => entry.IsHere()))
            await Keep(entry.Manifest, cancellation);
        if (versions.Any(entry => entry.IsHere()))
            await Catalog().Add(Name, cancellation);
        await this.Write(state, new DatasetState
        {
            Versions = [.. versions.Select((entry, index) => index < Versions.Length && Stays(Versions[index], entry) ? Versions[index] : entry),
                .. Versions.Skip(versions.Length)],
        });

        // What was deleted or went away here is there again when it comes.
        static bool Stays(DatasetVersionEntry here, DatasetVersionEntry comes) => here.IsHere() || (here.Moved.Length == 0 && !comes.IsHere());
    }
}
