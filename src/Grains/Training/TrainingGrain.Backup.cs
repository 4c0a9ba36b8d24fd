using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;

/// <content>On its way into a backup and out of it.</content>
public sealed partial class TrainingGrain
{
    public Task<PackedState?> PackState(CancellationToken cancellation = default)
    {
        if (Record.Request is not { } request)
            return Task.FromResult<PackedState?>(null);
        (bool ended, JobNeeds needs) = (Record.HasEnded(), NeedsOf(Record));
        return Task.FromResult<PackedState?>(new PackedState
        {
            // Where it comes out again, somebody decides whether it is gone on with.
            State = states.SerializeToArray(ended ? Record : Record with { State = JobState.Interrupted }),
            Blobs = needs.Blobs,
            Manifests = needs.Manifest.Length > 0 ? [needs.Manifest] : [],
            Datasets = [request.Dataset],
            Models = [request.Model],
        });
    }

    public async Task UnpackState(ReadOnlyMemory<byte> packed, CancellationToken cancellation = default)
    {
        JobRecord next = states.Read(packed, $"job '{Job}'");
        if (next.Request is null)
            throw new ClusteringException($"What came as the job '{Job}' was never started: nothing was changed.");
        if (Record.Request is not null)
        {
            if ((await PackState(cancellation))!.State.Span.SequenceEqual(packed.Span))
                return;
            throw new ClusteringException($"There is a job '{Job}' already: nothing was changed.");
        }

        JobNeeds needs = NeedsOf(next);
        IEnumerable<string> shards = needs.Manifest.Length == 0 ? []
            : (await services.Manifests.Get(needs.Manifest, cancellation)).Shards.Select(shard => shard.Hash).Prepend(needs.Manifest);
        await services.Blobs.Keep(needs.Blobs.Concat(shards), cancellation);
        await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(Tenant, CatalogKinds.Jobs)).Add(Job, cancellation);
        await this.Write(state, next);
        _store = new JobStore(this, state);
        Changed();
    }
}
