using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Monitoring;
using Spectre.Console;

namespace OrleansCluster.Cli.Segments;

/// <summary>Checks of segments that were told of a model.</summary>
internal static class CheckOutput
{
    public static void Write(CommandContext context, string model, ImmutableArray<SegmentCheck> checks)
    {
        if (context.Json)
        {
            JsonReport.Print(json => JsonSerializer.Serialize(json, SegmentDocuments.Of(model, checks), ApiJson.Default.SegmentChecksDocument));
            return;
        }

        if (checks.IsEmpty)
        {
            Terminal.Print($"No check was told of {model} yet. Begin with: {context.Suggest($"segments check --data FILE … --tell {model}")}");
            return;
        }

        context.Terminal.Out.WriteLine();
        new Listing(
            Column.Word(""), Column.Word("told"), Column.Name("data", leaves: 2), Column.Number("rows", leaves: 3), Column.Word("by", leaves: 4),
            Column.Number("all rows"), Column.Prose("worst", least: 16))
            .AddAll(checks, check =>
            [
                check.Passed ? " " : "✗", Listing.Date(check.At), check.Data, Numbers.Count(check.Overall.Rows), check.Metric, Short(check.Overall.Value),
                check.Segments.FirstOrDefault() is { } worst ? $"{worst.Name}: {Short(worst.Value)}, {Short(worst.Rest)} in the rest" : "",
            ])
            .Write(context.Terminal.Out);
    }

    private static string Short(double value) => double.IsNaN(value) ? "–" : value.ToString("0.0000", CultureInfo.InvariantCulture);
}
