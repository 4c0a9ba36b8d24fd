using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Pages.Facts;
using OrleansCluster.Pages.Views;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Native;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Site;

/// <summary>Pages about a model: its versions, what they are made of, and how they differ.</summary>
internal sealed class ModelPages(NativeApi api)
{
    private const string One = "/models/{model}";

    /// <summary>How long a page waits for what takes long: it is shown without, and says so.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(One, "page.model", OverviewAsync);
        routes.Page(One + "/clusters", "page.clusters", ClustersAsync);
        routes.Page(One + "/k", "page.selection", SelectionAsync);
        routes.Page(One + "/compare", "page.compare", CompareAsync);
    }

    /// <summary>The model that the path names, and the version that is asked for: the one that the bare name means unless another is.</summary>
    public static async Task<ModelFacts> FactsAsync(NativeApi api, HttpContext http)
    {
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        ModelVersion version = await ModelFacts.WholeAsync(
            api.Client, model, Queries.Text(http.Request, "version") is { } asked ? NativeApi.Pick(model, asked).Version : model.Info.Default,
            http.RequestAborted).ConfigureAwait(false);
        return new ModelFacts { Model = model, Version = version };
    }

    private async Task OverviewAsync(HttpContext http)
    {
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        int version = Queries.Text(http.Request, "version") is { } asked ? NativeApi.Pick(model, asked).Version : model.Info.Default;
        int events = Queries.Number(http.Request, "events", 1, 1000) ?? ModelFacts.UsualEvents;
        ModelFacts facts = await ModelFacts.LoadAsync(api.Client, model, version, events, http.RequestAborted).ConfigureAwait(false);
        await PageAnswers.WriteAsync<ModelView>(
            http, model.Name, new Dictionary<string, object?> { [nameof(ModelView.Facts)] = facts }).ConfigureAwait(false);
    }

    private async Task ClustersAsync(HttpContext http)
    {
        ModelFacts facts = await FactsAsync(api, http).ConfigureAwait(false);
        // Rows themselves are seen by those who may ask about rows.
        bool rows = Roles.Includes(Caller.Current.Role, Roles.Scorer);
        ClusterMap? map = await ClusterMap.LoadAsync(api.Client, facts.Version, rows, http.RequestAborted).ConfigureAwait(false);
        // Last, so that nothing else of the page waits for threads that are at work on it.
        Task<ClusterProfilesDocument?> asked = rows && map is not null ? ProfilesAsync(facts) : Task.FromResult<ClusterProfilesDocument?>(null);
        await Task.WhenAny(asked, Task.Delay(Patience, http.RequestAborted)).ConfigureAwait(false);
        bool isUnderWay = !asked.IsCompleted;
        ClusterProfilesDocument? profiles = isUnderWay ? null : await asked.ConfigureAwait(false);
        await PageAnswers.WriteAsync<ClustersView>(http, $"{facts.Model.Name}: clusters", new Dictionary<string, object?>
        {
            [nameof(ClustersView.Facts)] = facts,
            [nameof(ClustersView.Map)] = map,
            [nameof(ClustersView.Profiles)] = profiles,
            [nameof(ClustersView.IsUnderWay)] = isUnderWay,
            [nameof(ClustersView.Whole)] = Queries.Text(http.Request, "all") is not null,
            [nameof(ClustersView.Chosen)] = Queries.Number(http.Request, "cluster", 0),
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// What clusters are like; null: that cannot be told, which must not take the rest of the page along. It goes on when nobody waits for it any more: whoever
    /// looks again is shown it.
    /// </summary>
    private async Task<ClusterProfilesDocument?> ProfilesAsync(ModelFacts facts)
    {
        try
        {
            var query = new ProfileQuery { Version = facts.Version.Version, Rows = 1, Columns = ClusterProfilesTable.MostColumns };
            ClusterProfiles told = await api.Client.Models.ProfileAsync(facts.Model.Name, query, CancellationToken.None).ConfigureAwait(false);
            return JsonSerializer.Deserialize(told.Document.Span, ApiJson.Default.ClusterProfilesDocument);
        }
#pragma warning disable CA1031 // Whatever it is, the page is whole without.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private async Task SelectionAsync(HttpContext http)
    {
        ModelFacts facts = await FactsAsync(api, http).ConfigureAwait(false);
        await PageAnswers.WriteAsync<SelectionView>(
            http, $"{facts.Model.Name}: number of clusters", new Dictionary<string, object?> { [nameof(SelectionView.Facts)] = facts }).ConfigureAwait(false);
    }

    private async Task CompareAsync(HttpContext http)
    {
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        VersionSummary[] kept = [.. model.Versions.Where(version => version.Pruned is null)];
        if (kept.Length < 2)
            throw ProblemException.Missing($"The model '{model.Name}' has no two versions with parameters: there is nothing to compare.");
        VersionSummary to = Queries.Text(http.Request, "to") is { } later ? NativeApi.Pick(model, later, kept: true) : kept[^1];
        VersionSummary from = Queries.Text(http.Request, "from") is { } earlier ? NativeApi.Pick(model, earlier, kept: true)
            : kept.FirstOrDefault(version => version.Version == to.Parent) ?? kept.Last(version => version.Version != to.Version);
        ModelVersion before = await ModelFacts.WholeAsync(api.Client, model, from.Version, http.RequestAborted).ConfigureAwait(false);
        ModelVersion after = await ModelFacts.WholeAsync(api.Client, model, to.Version, http.RequestAborted).ConfigureAwait(false);
        VersionAlignment alignment =
            await api.Client.Models.CompareAsync(model.Name, from.Version, to.Version, http.RequestAborted).ConfigureAwait(false);
        await PageAnswers.WriteAsync<CompareView>(http, $"{model.Name}: {from.Version} → {to.Version}", new Dictionary<string, object?>
        {
            [nameof(CompareView.Facts)] = new ModelFacts { Model = model, Version = after },
            [nameof(CompareView.Before)] = before,
            [nameof(CompareView.After)] = after,
            [nameof(CompareView.Alignment)] = alignment,
        }).ConfigureAwait(false);
    }
}
