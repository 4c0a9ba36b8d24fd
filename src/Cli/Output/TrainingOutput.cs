using System.Runtime.InteropServices;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Input;
using OrleansCluster.Client;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Output;

/// <summary>Writes a finished training in the form that was asked for.</summary>
internal static class TrainingOutput
{
    /// <param name="sample">Some rows for the picture; null when none were kept.</param>
    /// <param name="importSeconds">Time that reading the file took; 0 when there was none to read.</param>
    public static async Task WriteAsync(CommandContext context, IClusteringClient client, TrainingReport report, RowSample? sample, double importSeconds)
    {
        if (context.Page)
        {
            foreach (string warning in report.Warnings)
                Terminal.Say($"warning: {warning}");
            ModelOutline model = await ModelsCommands.FindAsync(context, client, report.Model).ConfigureAwait(false);
            Console.Out.Write(await ReportPage.RenderAsync(client, model, report.Version, context.Cancellation).ConfigureAwait(false));
            return;
        }

        ClusterNames names = await ClusterNames.OfAsync(client, report.Model, context.Cancellation).ConfigureAwait(false);
        if (context.Json)
        {
            foreach (string warning in report.Warnings)
                Terminal.Say($"warning: {warning}");
            JsonReport.Print(json => TrainingJson.Write(json, report, importSeconds, names));
            return;
        }

        ModelParameters parameters = await client.Models.ParametersAsync(report.Model, report.Version, context.Cancellation).ConfigureAwait(false)
            ?? throw CommandException.Failure($"The parameters of {report.Model} version {report.Version} are gone.");
        double[] centroids = MemoryMarshal.Cast<byte, double>(parameters.Centroids.Span).ToArray();
        // A picture shows the columns that the model sees.
        PlanarView? view = sample is null || !report.Inputs.IsDefaultOrEmpty ? null
            : await ViewAsync(client, report, sample, centroids, context.Cancellation).ConfigureAwait(false);
        VersionAlignment? alignment = await client.Models.AlignmentAsync(report.Model, report.Version, context.Cancellation).ConfigureAwait(false);
        TrainingText.Write(context.Terminal, report, parameters, centroids, view, alignment, names, importSeconds);
    }

    private static async Task<PlanarView?> ViewAsync(IClusteringClient client, TrainingReport report, RowSample sample, double[] centroids,
        CancellationToken cancellation)
    {
        if (sample.Columns is not (2 or 3))
            return null;
        double[] rows = sample.ToArray();
        var payload = new RowsPayload { Precision = "f8", Columns = sample.Columns, Values = MemoryMarshal.AsBytes<double>(rows).ToArray() };
        Assignments assigned = await client.Models.AssignAsync(report.Model, report.Version, payload, cancellation).ConfigureAwait(false);
        return PlanarView.Of(report.Columns, rows, MemoryMarshal.Cast<byte, int>(assigned.Labels.Span).ToArray(), centroids,
            [.. report.Clusters.Select(cluster => cluster.Label)]);
    }
}
