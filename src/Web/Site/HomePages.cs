using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Alerts;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Pages.Views;
using OrleansCluster.Pages.Words;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Native;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Site;

/// <summary>What there is, and whose it is.</summary>
internal sealed class HomePages(NativeApi api, HealthEndpoints health)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page("/", "page.home", HomeAsync);
        routes.Page("/tenants", "page.tenant", TenantAsync);
    }

    private async Task HomeAsync(HttpContext http)
    {
        CancellationToken stop = http.RequestAborted;
        Task<ImmutableArray<ModelOutline>> models = api.Client.Models.ListAsync(stop);
        Task<ImmutableArray<JobStatus>> jobs = api.Client.Jobs.ListAsync(stop);
        Task<ImmutableArray<DatasetVersion>> datasets = api.Client.Datasets.ListAsync(stop);
        AlertStatus alerts = await api.Client.Alerts.StatusAsync(stop).ConfigureAwait(false);
        bool isReady = await health.IsReadyAsync(http).ConfigureAwait(false);
        ModelOutline[] known =
            [.. (await models.ConfigureAwait(false)).Where(model => !model.Versions.IsEmpty).OrderBy(model => model.Name, StringComparer.Ordinal)];
        JobStatus[] newest = [.. (await jobs.ConfigureAwait(false)).Reverse()];
        await PageAnswers.WriteAsync<HomeView>(http, "", new Dictionary<string, object?>
        {
            [nameof(HomeView.Models)] = known,
            [nameof(HomeView.Jobs)] = newest,
            [nameof(HomeView.Datasets)] = (await datasets.ConfigureAwait(false)).Length,
            [nameof(HomeView.IsReady)] = isReady,
            [nameof(HomeView.Alerts)] = alerts.Alerts.Where(alert => alert.State == AlertState.Firing).ToArray(),
        }).ConfigureAwait(false);
    }

    private async Task TenantAsync(HttpContext http)
    {
        if (http.RequestServices.GetService<WebAccess>() is not { } access)
            throw ProblemException.Missing("Nobody has to show a key here, so that there are no tenants to be told of: serve with --keys.");
        (string name, CancellationToken stop) = (Caller.Current.Tenant, http.RequestAborted);
        DateOnly today = UsageDays.Of(DateTimeOffset.UtcNow);
        TenantInfo tenant = await access.Administration.TenantAsync(name, stop).ConfigureAwait(false)
            ?? throw ProblemException.Missing($"There is no tenant '{name}'.");
        ImmutableArray<KeyInfo> keys = await access.Administration.KeysAsync(name, stop).ConfigureAwait(false);
        await PageAnswers.WriteAsync<TenantView>(http, "Tenant " + name, new Dictionary<string, object?>
        {
            [nameof(TenantView.Tenant)] = tenant,
            [nameof(TenantView.Keys)] = keys,
            [nameof(TenantView.Bytes)] = await StoredBytes.OfAsync(api.Client, stop).ConfigureAwait(false),
            [nameof(TenantView.Models)] = (await api.Client.Models.ListAsync(stop).ConfigureAwait(false)).Count(model => !model.Versions.IsEmpty),
            [nameof(TenantView.Jobs)] = (await api.Client.Jobs.ListAsync(stop).ConfigureAwait(false)).Count(Tell.IsUnderWay),
            [nameof(TenantView.Now)] = DateTimeOffset.UtcNow,
            [nameof(TenantView.Usage)] = UsageDocuments.Of(
                await api.Client.Usage.ReadAsync(new DateOnly(today.Year, today.Month, 1), today, stop).ConfigureAwait(false), WebOptions.Of(http).Prices),
        }).ConfigureAwait(false);
    }
}
