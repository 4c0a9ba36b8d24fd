using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Contracts;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Serving;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>Labels of the rows of a file.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Changed">Those whose cluster's id is another one in the other version.</param>
/// <param name="Known">Known labels and the version's; null: none are known.</param>
/// <param name="Before">The other version's labels by row, the version's by column; null: there is no other version.</param>
internal sealed record RowLabels(long Rows, long Changed, LabelTable? Known, ContingencyTable? Before);

/// <summary>Rows counted by known label and by the label found.</summary>
/// <param name="Table">Known labels by row, those found by column.</param>
/// <param name="Words">What known labels are called, by their number in the table; null: they are those numbers.</param>
internal sealed record LabelTable(ContingencyTable Table, string[]? Words)
{
    /// <summary>The known label of a row of the table.</summary>
    public string Known(int row) => Words?[Table.RowLabels[row]] ?? Table.RowLabels[row].ToString(CultureInfo.InvariantCulture);
}

/// <summary>How far two versions of a model are apart.</summary>
/// <param name="Before">The version to measure from.</param>
/// <param name="After">The version to measure to.</param>
/// <param name="Distances">Of the clusters that both have.</param>
/// <param name="Forth">KL(after ‖ before); null unless both have densities that compare.</param>
/// <param name="Back">KL(before ‖ after); null unless both have densities that compare.</param>
/// <param name="Rows">What became of the rows of a file; null: none was given.</param>
internal sealed record VersionComparison(
    ModelVersion Before, ModelVersion After, VersionDistances Distances, DivergenceEstimate? Forth, DivergenceEstimate? Back, RowLabels? Rows)
{
    private const int MostClusters = 60;

    private double? Churn => Rows is { Rows: > 0 } ? (double)Rows.Changed / Rows.Rows : null;

    public void WriteText(CommandContext context, ClusterNames names)
    {
        IAnsiConsole console = context.Terminal.Out;
        (int[] died, int[] born) = (Only(Before, After), Only(After, Before));
        string others = died.Length + born.Length == 0 ? "" : $"; {died.Length} died, {born.Length} born";
        console.WriteLine();
        TrainingText.Heading(
            console,
            $"{After.Name} version {After.Version} against {Before.Version}",
            $"{Numbers.Of(Distances.Clusters.Length, After.Training.Family.Part)} in both{others}");
        console.WriteLine();
        ClusterDistance[] shown = [.. Distances.Clusters.OrderByDescending(cluster => cluster.Centres).Take(MostClusters).OrderBy(cluster => cluster.Label)];
        bool gaussians = shown.Any(cluster => cluster.Wasserstein is not null);
        string[][] numbers =
        [
            Numbers.Aligned([.. shown.Select(cluster => cluster.Centres)]),
            Numbers.Aligned([.. shown.Select(cluster => cluster.Moved ?? double.NaN)]),
            Numbers.Aligned([.. shown.Select(cluster => cluster.Bhattacharyya ?? double.NaN)]),
            Numbers.Aligned([.. shown.Select(cluster => cluster.Wasserstein ?? double.NaN)]),
        ];
        if (shown.Length > 0)
        {
            new Listing(
                Column.Number("cluster"), Column.Name("name", least: 20), Column.Number("centres apart"), Column.Number("in spreads", leaves: 1),
                    Column.Number("Bhattacharyya", leaves: 2),
                Column.Number("2-Wasserstein", leaves: 3))
                .AddAll(Enumerable.Range(0, shown.Length), row =>
                [
                    shown[row].Label.ToString(CultureInfo.InvariantCulture), names.Of(shown[row].Label), numbers[0][row], numbers[1][row],
                    gaussians ? numbers[2][row] : "", gaussians ? numbers[3][row] : "",
                ])
                .Write(console);
        }

        if (shown.Length < Distances.Clusters.Length)
            Prose.Note(console, $"{shown.Length} of {Distances.Clusters.Length}, those farthest apart; --report json has them all");
        console.WriteLine();
        WriteFacts(console);
    }

    private void WriteFacts(IAnsiConsole console)
    {
        if (Forth is not null && Back is not null)
        {
            TrainingText.Fact(console, "KL", Text(Forth),
                $"from version {After.Version} to {Before.Version} in nats, over {Numbers.Count(Forth.Rows)} rows drawn from version {After.Version}");
            TrainingText.Fact(console, "", Text(Back), $"from version {Before.Version} to {After.Version}, over as many drawn from version {Before.Version}");
        }

        if (Rows is not { Before: { } table } || Churn is not { } churn)
            return;
        TrainingText.Fact(console, "churn", Numbers.Share(100 * churn), $"of {Numbers.Of(Rows.Rows, "row")} have another cluster id");
        TrainingText.Fact(console, "agreement", Numbers.Real(ExternalIndices.AdjustedRand(table)),
            "adjusted Rand index of both partitions, whatever their ids");
    }

    /// <summary>An object named <c>against</c>.</summary>
    public void WriteJson(Utf8JsonWriter json, ClusterNames names)
    {
        json.WriteStartObject("against");
        json.WriteNumber("version", Before.Version);
        json.WriteStartArray("clusters");
        foreach (ClusterDistance cluster in Distances.Clusters)
        {
            json.WriteStartObject();
            json.WriteCluster(cluster.Label, names);
            json.WriteReal("centres", cluster.Centres);
            json.WriteReal("moved", cluster.Moved ?? double.NaN);
            json.WriteReal("bhattacharyya", cluster.Bhattacharyya ?? double.NaN);
            json.WriteReal("wasserstein", cluster.Wasserstein ?? double.NaN);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteReals("died", Only(Before, After).Select(label => (double)label));
        json.WriteReals("born", Only(After, Before).Select(label => (double)label));
        WriteDivergence(json, "kl", Forth);
        WriteDivergence(json, "kl_reversed", Back);
        if (Rows is { Before: { } table })
        {
            json.WriteNumber("rows", Rows.Rows);
            json.WriteReal("churn", Churn ?? double.NaN);
            json.WriteReal("adjusted_rand", ExternalIndices.AdjustedRand(table));
        }

        json.WriteEndObject();
    }

    private static void WriteDivergence(Utf8JsonWriter json, string name, DivergenceEstimate? estimate)
    {
        if (estimate is null)
            return;
        json.WriteStartObject(name);
        json.WriteReal("value", estimate.Value);
        json.WriteReal("standard_error", estimate.StandardError());
        json.WriteNumber("samples", estimate.Rows);
        json.WriteEndObject();
    }

    /// <summary>Ids that one version has and the other has not.</summary>
    private static int[] Only(ModelVersion version, ModelVersion other) =>
        [.. Labels(version.Training).Except(Labels(other.Training)).Order()];

    private static IEnumerable<int> Labels(TrainingReport report) => report.Clusters.Select(cluster => cluster.Label);

    private static string Text(DivergenceEstimate estimate) =>
        double.IsInfinity(estimate.Value) ? "∞" : string.Create(CultureInfo.InvariantCulture, $"{estimate.Value:g4} ± {estimate.StandardError():g2}");
}
