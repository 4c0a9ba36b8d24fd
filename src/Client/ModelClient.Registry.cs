using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Models;
using OrleansCluster.Serving;

namespace OrleansCluster.Client;

/// <content>Versions beside each other, and what is said of them.</content>
internal sealed partial class ModelClient
{
    private const int EventsPerPage = 100;

    public Task<ResolvedVersion?> ResolveAsync(ModelReference reference, CancellationToken cancellation = default) => Calls.Ask(
        () => reference.Alias.Length > 0 ? Model(reference.Name).ResolveAlias(reference.Alias, cancellation)
            : Model(reference.Name).Resolve(reference.Version, cancellation),
        cancellation);

    public Task<VersionAlignment?> AlignmentAsync(string name, int version, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Alignment(version, cancellation), cancellation);

    public Task<VersionAlignment> CompareAsync(string name, int from, int to, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Compare(from, to, cancellation), cancellation);

    public Task<VersionDistances> DistancesAsync(string name, int from, int to, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Distances(from, to, cancellation), cancellation);

    public async Task<DivergenceEstimate> DivergenceAsync(string name, int from, int to, int rows, ulong seed = 0, CancellationToken cancellation = default)
    {
        DivergenceEstimate? whole = null;
        while (whole is null || whole.Rows < rows)
        {
            long first = whole?.Rows ?? 0;
            var query = new DivergenceQuery { From = from, To = to, Seed = seed, FirstRow = first, Rows = (int)(rows - first) };
            DivergenceEstimate part = await Calls.Ask(() => Assigner(name).Diverge(query, cancellation), cancellation, refusals).ConfigureAwait(false);
            whole = whole is null ? part : whole.With(part);
        }

        return whole;
    }

    public async IAsyncEnumerable<ModelEvent> EventsAsync(string name, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (long before = 0; ;)
        {
            ImmutableArray<ModelEvent> page = await Calls.Ask(() => Model(name).Events(before, EventsPerPage, cancellation), cancellation)
                .ConfigureAwait(false);
            if (page.IsEmpty)
                yield break;
            foreach (ModelEvent happened in page)
                yield return happened;
            before = page[^1].Revision;
            if (before <= 1)
                yield break;
        }
    }

    public ModelChange Change(ModelInfo seen, string by = "", string reason = "")
    {
        ArgumentNullException.ThrowIfNull(seen);
        return new ModelChange { Id = newId(), Expected = seen.Revision, By = by, Reason = reason };
    }

    public Task<ModelInfo> SetAliasAsync(string name, ModelChange change, string alias, int version, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).SetAlias(change, alias, version, cancellation), cancellation);

    public Task<ModelInfo> RemoveAliasAsync(string name, ModelChange change, string alias, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).RemoveAlias(change, alias, cancellation), cancellation);

    public Task<ModelInfo> RollbackAsync(string name, ModelChange change, string alias, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Rollback(change, alias, cancellation), cancellation);

    public Task<ModelInfo> TagAsync(string name, ModelChange change, int version, ImmutableArray<ModelTag> tags, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Tag(change, version, tags, cancellation), cancellation);

    public Task<ModelInfo> DescribeAsync(string name, ModelChange change, int version, string text, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Describe(change, version, text, cancellation), cancellation);

    public Task<ModelInfo> NameClusterAsync(string name, ModelChange change, ClusterNote note, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).NameCluster(change, note, cancellation), cancellation);

    public Task<ImmutableArray<string>> DeleteAsync(
        string name, ModelChange change, int version, bool force = false, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Delete(change, version, force, cancellation), cancellation);

    public Task<ImmutableArray<RetentionVerdict>> PruneAsync(string name, ModelChange change, RetentionPolicy policy,
        CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Prune(change, policy, cancellation), cancellation);
}
