using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>What goes: datasets, models, versions of them, jobs. What something else needs goes only when it is forced.</summary>
internal sealed class DeletionEndpoints(NativeApi api)
{
    private const string Dataset = NativeApi.Root + "/datasets/{dataset}", Model = NativeApi.Root + "/models/{model}", Force = "force",
        DryRun = "dry_run";

    public void Map(IEndpointRouteBuilder routes)
    {
        Delete(routes, "datasets", Dataset, "deleteDataset", "Deletes all versions of a dataset", DatasetAsync);
        Delete(routes, "datasets", Dataset + "/versions/{version}", "deleteDatasetVersion", "Deletes a version of a dataset", DatasetAsync);
        routes.Map(
            "POST", Dataset + "/compact", "compactDataset",
            "Lets go of the versions of a dataset whose rows a later one begins with and which nothing needs; no row is lost", CompactAsync)
            .Under("datasets").Gives<CompactionDocument>().Knows(DryRun, "true: only say what would go");
        Delete(routes, "models", Model, "deleteModel", "Deletes a model with all that is said of it", ModelAsync).Changes();
        Delete(routes, "models", Model + "/versions/{version}", "deleteVersion", "Deletes a version of a model", ModelAsync).Changes();
        Delete(routes, "jobs", NativeApi.Root + "/jobs/{job}", "deleteJob", "Forgets a job; the version that it published stays", JobAsync);
    }

    private static Microsoft.AspNetCore.Builder.IEndpointConventionBuilder Delete(
        IEndpointRouteBuilder routes, string heading, string path, string name, string summary, RequestDelegate handler) =>
        routes.Map("DELETE", path, name, summary, handler).Under(heading).Gives<DeletedDocument>()
            .Knows(Force, "true: also what something else needs [default: it is refused with 409]");

    private async Task DatasetAsync(HttpContext http)
    {
        Queries.Check(http.Request, Force);
        string name = Queries.Path(http, "dataset");
        int version = http.Request.RouteValues.ContainsKey("version") ? Queries.Version(http) : 0;
        IDatasetClient datasets = api.Client.Datasets;
        if (await datasets.FindAsync(name, version, http.RequestAborted).ConfigureAwait(false) is not { } found || found.Name != name)
            throw ProblemException.Missing(
                version == 0 ? $"There is no dataset '{name}'." : $"There is no version {version} of the dataset '{name}'.");
        DatasetDeletion gone = await AskAsync(
            () => datasets.DeleteAsync(name, version, IsForced(http), http.RequestAborted)).ConfigureAwait(false);
        await AnswerAsync(http, [.. gone.Versions], [.. gone.Lost.Select(use => use.ToString())]).ConfigureAwait(false);
    }

    private async Task CompactAsync(HttpContext http)
    {
        Queries.Check(http.Request, DryRun);
        string name = Queries.Path(http, "dataset");
        bool dryRun = Queries.Word(http.Request, DryRun, "true", "false") == "true";
        if (await api.Client.Datasets.FindAsync(name, 0, http.RequestAborted).ConfigureAwait(false) is not { } found || found.Name != name)
            throw ProblemException.Missing($"There is no dataset '{name}'.");
        DatasetCompaction compaction = await AskAsync(
            () => api.Client.Datasets.CompactAsync(name, dryRun, http.RequestAborted)).ConfigureAwait(false);
        var answer = new CompactionDocument
        {
            DryRun = dryRun,
            Versions = [.. compaction.Versions.Select(head => new VersionWithinDocument { Version = head.Version, Rows = head.Rows, Within = head.Within })],
            Kept = [.. compaction.Kept.Select(use => use.ToString())],
            Before = Of(compaction.Before),
            After = Of(compaction.After),
        };
        await Answers.WriteAsync(http, answer, ApiJson.Default.CompactionDocument).ConfigureAwait(false);

        static StoredVersionsDocument Of(StoredVersions stored) =>
            new() { Versions = stored.Versions, Shards = stored.Shards, Bytes = stored.Bytes };
    }

    private async Task ModelAsync(HttpContext http)
    {
        Queries.Check(http.Request, Force);
        bool force = IsForced(http);
        (int[] versions, ImmutableArray<string> lost) = await api.ChangeAsync(
            http, default, "", async (model, change) =>
            {
                int version = http.Request.RouteValues.ContainsKey("version") ? NativeApi.Pick(model, Queries.Path(http, "version")).Version : 0;
                ImmutableArray<string> needed = await AskAsync(
                    () => api.Client.Models.DeleteAsync(model.Name, change, version, force, http.RequestAborted),
                    async () => (await api.Client.Models.FindAsync(model.Name, http.RequestAborted).ConfigureAwait(false))?.Info.Revision == change.Expected)
                    .ConfigureAwait(false);
                return (version == 0 ? [.. model.Versions.Select(one => one.Version)] : new[] { version }, needed);
            }).ConfigureAwait(false);
        await AnswerAsync(http, versions, [.. lost]).ConfigureAwait(false);
    }

    private async Task JobAsync(HttpContext http)
    {
        Queries.Check(http.Request, Force);
        string job = Queries.Path(http, "job");
        if (await api.Client.Jobs.FindAsync(job, http.RequestAborted).ConfigureAwait(false) is null)
            throw ProblemException.Missing($"There is no job '{job}'.");
        string lost = await AskAsync(() => api.Client.Jobs.DeleteAsync(job, IsForced(http), http.RequestAborted)).ConfigureAwait(false);
        await AnswerAsync(http, [], lost.Length > 0 ? [lost] : []).ConfigureAwait(false);
    }

    private static bool IsForced(HttpContext http) => Queries.Word(http.Request, Force, "true", "false") == "true";

    /// <summary>A refusal is a conflict with what needs the thing, unless it is of something else.</summary>
    private static async Task<T> AskAsync<T>(Func<Task<T>> call, Func<Task<bool>>? conflicts = null)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (ClusteringException refused)
        {
            if (conflicts is not null && !await conflicts().ConfigureAwait(false))
                throw;
            throw new ProblemException(409, ProblemKinds.Conflict, refused.Message, refused);
        }
    }

    private static Task AnswerAsync(HttpContext http, int[] deleted, string[] lost) =>
        Answers.WriteAsync(http, new DeletedDocument { Deleted = deleted, Lost = lost }, ApiJson.Default.DeletedDocument);
}
