using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Pages.Facts;
using OrleansCluster.Pages.Views;
using OrleansCluster.Retraining;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Native;

namespace OrleansCluster.Web.Site;

/// <summary>What is wrong, what drifts, and what is retrained by itself.</summary>
internal sealed class WatchPages(NativeApi api)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page("/watch", "page.watch", AllAsync);
        routes.Page("/models/{model}/watch", "page.modelWatch", OneAsync);
    }

    private async Task AllAsync(HttpContext http)
    {
        ImmutableArray<RetrainingStatus> retraining = await api.Client.Retraining.ListAsync(http.RequestAborted).ConfigureAwait(false);
        await PageAnswers.WriteAsync<WatchView>(http, "Watch", new Dictionary<string, object?>
        {
            [nameof(WatchView.Alerts)] = await api.Client.Alerts.StatusAsync(http.RequestAborted).ConfigureAwait(false),
            [nameof(WatchView.Retraining)] = retraining,
        }).ConfigureAwait(false);
    }

    private async Task OneAsync(HttpContext http)
    {
        ModelFacts model = await ModelPages.FactsAsync(api, http).ConfigureAwait(false);
        WatchFacts facts = await WatchFacts.LoadAsync(api.Client, model, Queries.Text(http.Request, "window"), http.RequestAborted).ConfigureAwait(false);
        await PageAnswers.WriteAsync<ModelWatchView>(
            http, $"{model.Model.Name}: watch", new Dictionary<string, object?> { [nameof(ModelWatchView.Facts)] = facts }).ConfigureAwait(false);
    }
}
