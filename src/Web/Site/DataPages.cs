using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Datasets;
using OrleansCluster.Pages.Facts;
using OrleansCluster.Pages.Views;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Native;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Site;

/// <summary>Pages about datasets.</summary>
internal sealed class DataPages(NativeApi api)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page("/data", "page.datasets", ListAsync);
        routes.Page("/data/{dataset}", "page.dataset", ShowAsync);
    }

    private async Task ListAsync(HttpContext http)
    {
        DatasetVersion[] all = [.. (await api.Client.Datasets.ListAsync(http.RequestAborted).ConfigureAwait(false))
            .OrderBy(dataset => dataset.Name, StringComparer.Ordinal)];
        await PageAnswers.WriteAsync<DatasetsView>(
            http, "Data", new Dictionary<string, object?> { [nameof(DatasetsView.Datasets)] = all }).ConfigureAwait(false);
    }

    private async Task ShowAsync(HttpContext http)
    {
        string name = Queries.Path(http, "dataset");
        DatasetVersion newest = await api.Client.Datasets.FindAsync(name, 0, http.RequestAborted).ConfigureAwait(false)
            ?? throw ProblemException.Missing($"There is no dataset '{name}': import it first, or correct the name.");
        int version = Queries.Number(http.Request, "version", 1) ?? 0;
        if (version > newest.Version)
            throw ProblemException.Missing($"There is no version {version} of the dataset '{name}': the newest is {newest.Version}.");
        DatasetFacts facts = await DatasetFacts.LoadAsync(api.Client, newest, version, http.RequestAborted).ConfigureAwait(false);
        await PageAnswers.WriteAsync<DatasetView>(
            http, name, new Dictionary<string, object?> { [nameof(DatasetView.Facts)] = facts }).ConfigureAwait(false);
    }
}
