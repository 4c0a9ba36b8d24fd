using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Models;
using OrleansCluster.Serving;

namespace OrleansCluster.Client.Http;

/// <content>Versions beside each other, and what is said of them.</content>
internal sealed partial class HttpModelClient
{
    private const int EventsPerPage = 100;

    public Task<VersionAlignment?> AlignmentAsync(string name, int version, CancellationToken cancellation = default) =>
        GetAsync<VersionAlignment?>(name, Invariant($"/versions/{version}/alignment"), cancellation);

    public Task<VersionAlignment> CompareAsync(string name, int from, int to, CancellationToken cancellation = default) =>
        GetAsync<VersionAlignment>(name, "/diff" + Requests.Query(("from", from), ("to", to)), cancellation);

    public Task<VersionDistances> DistancesAsync(string name, int from, int to, CancellationToken cancellation = default) =>
        GetAsync<VersionDistances>(name, "/distances" + Requests.Query(("from", from), ("to", to)), cancellation);

    public Task<DivergenceEstimate> DivergenceAsync(string name, int from, int to, int rows, ulong seed = 0, CancellationToken cancellation = default) =>
        GetAsync<DivergenceEstimate>(
            name, "/divergence" + Requests.Query(("from", from), ("to", to), ("rows", rows), ("seed", seed)), cancellation);

    public async IAsyncEnumerable<ModelEvent> EventsAsync(string name, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        long before = 0;
        do
        {
            ImmutableArray<ModelEvent> page = await GetAsync<ImmutableArray<ModelEvent>>(
                name, "/audit" + Requests.Query(("limit", EventsPerPage), ("after", before == 0 ? null : before)), cancellation).ConfigureAwait(false);
            foreach (ModelEvent happened in page)
                yield return happened;
            before = page.IsEmpty ? 0 : page[^1].Revision;
        }
        while (before > 1);
    }

    public ModelChange Change(ModelInfo seen, string by = "", string reason = "")
    {
        ArgumentNullException.ThrowIfNull(seen);
        return new ModelChange { Id = newId(), Expected = seen.Revision, By = by, Reason = reason };
    }

    public Task<ModelInfo> SetAliasAsync(string name, ModelChange change, string alias, int version, CancellationToken cancellation = default) =>
        ChangeAsync<ModelInfo>(
            HttpMethod.Put, name, Alias(alias), change, cancellation,
            Requests.Json(new AliasChangeDocument { Version = version }, ApiJson.Default.AliasChangeDocument));

    public Task<ModelInfo> RemoveAliasAsync(string name, ModelChange change, string alias, CancellationToken cancellation = default) =>
        ChangeAsync<ModelInfo>(HttpMethod.Delete, name, Alias(alias), change, cancellation);

    public Task<ModelInfo> RollbackAsync(string name, ModelChange change, string alias, CancellationToken cancellation = default) =>
        ChangeAsync<ModelInfo>(HttpMethod.Post, name, Alias(alias) + "/rollback", change, cancellation, Requests.Nothing);

    public Task<ModelInfo> TagAsync(string name, ModelChange change, int version, ImmutableArray<ModelTag> tags, CancellationToken cancellation = default)
    {
        var document = new TagsDocument { Version = version, Tags = new JsonObject(tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))) };
        return ChangeAsync<ModelInfo>(
            HttpMethod.Patch, name, "/tags", change, cancellation, Requests.Json(document, ApiJson.Default.TagsDocument));
    }

    public Task<ModelInfo> DescribeAsync(string name, ModelChange change, int version, string text, CancellationToken cancellation = default) =>
        ChangeAsync<ModelInfo>(
            HttpMethod.Put, name, "/description", change, cancellation,
            Requests.Json(new DescriptionDocument { Version = version, Text = text }, ApiJson.Default.DescriptionDocument));

    public Task<ModelInfo> NameClusterAsync(string name, ModelChange change, ClusterNote note, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(note);
        var document = new ClusterNoteDocument { Cluster = note.Cluster, Name = note.Name, Colour = note.Colour, Note = note.Note };
        return ChangeAsync<ModelInfo>(
            HttpMethod.Put, name, Invariant($"/clusters/{note.Cluster}"), change, cancellation,
            Requests.Json(document, ApiJson.Default.ClusterNoteDocument));
    }

    public Task<ImmutableArray<RetentionVerdict>> PruneAsync(
        string name, ModelChange change, RetentionPolicy policy, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var document = new PruneDocument
        {
            Keep = policy.Keep,
            YoungerThanSeconds = policy.YoungerThan?.TotalSeconds,
            Rollbacks = policy.Rollbacks,
            DryRun = policy.DryRun,
        };
        return ChangeAsync<ImmutableArray<RetentionVerdict>>(
            HttpMethod.Post, name, "/prune", change, cancellation, Requests.Json(document, ApiJson.Default.PruneDocument));
    }

    private static string Alias(string alias) => "/" + Requests.Path("aliases", "alias", alias);

    private Task<T> ChangeAsync<T>(
        HttpMethod method, string name, string path, ModelChange change, CancellationToken cancellation, Func<HttpContent>? body = null)
    {
        ArgumentNullException.ThrowIfNull(change);
        string query = Requests.Query(
            ("by", change.By.Length > 0 ? change.By : null), ("reason", change.Reason.Length > 0 ? change.Reason : null));
        return service.AskAsync<T>(method, Of(name) + path + query, cancellation, body, Requests.Head(change));
    }
}
