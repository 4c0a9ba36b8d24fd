using OrleansCluster.Client;
using OrleansCluster.Models;
using OrleansCluster.Pages.Facts;
using OrleansCluster.Pages.Frame;
using OrleansCluster.Pages.Views;

namespace OrleansCluster.Cli.Output;

/// <summary>What the pages show of a version, as one file that needs nothing else.</summary>
internal static class ReportPage
{
    /// <summary>Renders it.</summary>
    public static async Task<string> RenderAsync(IClusteringClient client, ModelOutline model, int version, CancellationToken cancellation)
    {
        ModelFacts facts = await ModelFacts.LoadAsync(client, model, version, 0, cancellation).ConfigureAwait(false);
        ClusterMap? map = await ClusterMap.LoadAsync(client, facts.Version, rows: true, cancellation).ConfigureAwait(false);
        return await PageWriter.RenderAsync<ReportView>(new Visit(), $"{model.Name}@{version}", new Dictionary<string, object?>
        {
            [nameof(ReportView.Facts)] = facts,
            [nameof(ReportView.Map)] = map,
        }).ConfigureAwait(false);
    }
}
