using System.Globalization;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Models;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>What became of clusters between two versions, as a table.</summary>
internal static class DiffText
{
    private const int MostRows = 60;

    public static void Write(CommandContext context, VersionDiff diff)
    {
        IAnsiConsole console = context.Terminal.Out;
        bool coloured = context.Terminal.IsColoured;
        console.WriteLine();
        TrainingText.Heading(console, $"{diff.After.Name} version {diff.Before.Version} → {diff.After.Version}",
            $"{diff.Before.Training.K} → {Numbers.Of(diff.After.Training.K, "cluster")}, {diff.How}");
        console.WriteLine();
        var table = new Listing(
            Column.Number("cluster"), Column.Name("name", least: 20), Column.Number("rows before", leaves: 1), Column.Number("rows now"),
                Column.Number("moved", leaves: 2),
            Column.Number("confidence", leaves: 4), Column.Number("overlap", leaves: 3), Column.Prose("fate", least: 16));
        var rows = new List<(int Order, Cell[] Cells)>();
        foreach (ClusterLineage cluster in diff.Clusters)
        {
            rows.Add((cluster.Born || cluster.SplitFrom is not null ? 0 : 1, Row(
                diff, coloured, cluster.Label, Real(cluster.Moved), Share(cluster.Confidence), cluster.Born ? "–"
                    : Share(cluster.Jaccard), diff.Fate(cluster))));
        }

        foreach (ClusterEnd end in diff.Died)
            rows.Add((0, Row(diff, coloured, end.Label, "–", "–", "–", diff.Fate(end))));
        // Of many clusters those that something happened to are told first.
        IEnumerable<(int Order, Cell[] Cells)> shown = rows.Count <= MostRows ? rows : rows.OrderBy(row => row.Order).Take(MostRows);
        table.AddAll(shown, row => row.Cells).Write(console);
        if (rows.Count > MostRows)
            Prose.Note(console, $"{MostRows} of {rows.Count} clusters, those that changed first; --report json has them all");
        console.WriteLine();
        if (diff.HasAnchors)
        {
            TrainingText.Fact(console, "churn", Share(diff.Alignment.Churn),
                $"of {Numbers.Count((long)Math.Round(diff.Alignment.AnchorWeight))} anchor rows have another cluster id");
            TrainingText.Fact(console, "agreement", diff.Alignment.AdjustedRand.ToString("0.0000", CultureInfo.InvariantCulture),
                "adjusted Rand index of both partitions, whatever their ids");
        }

        if (diff.Alignment.LeastConfidence() is { } least)
            TrainingText.Fact(console, "certainty", Share(least), "of the least certain match");
    }

    private static Cell[] Row(VersionDiff diff, bool coloured, int cluster, string moved, string confidence, string overlap, string fate) =>
    [
        ClusterTable.Id(cluster, coloured), diff.Names.Of(cluster), Size(diff.SizeBefore(cluster)), Size(diff.SizeAfter(cluster)), moved, confidence, overlap,
            new Cell(fate, Palette.Warning),
    ];

    private static string Size(long? size) => size is { } rows ? Numbers.Count(rows) : "–";

    private static string Real(double? value) => value is { } real ? real.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    private static string Share(double? value) => value is { } share ? Numbers.Share(100 * share) : "–";
}
