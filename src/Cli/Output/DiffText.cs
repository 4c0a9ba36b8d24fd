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
        bool coloured = context.Terminal.IsColoured, named = diff.Clusters.Any(cluster => diff.NameOf(cluster.Label).Length > 0) || diff.Died.Any(end => diff.NameOf(end.Label).Length > 0);
        console.WriteLine();
        TrainingText.Heading(console, $"{diff.After.Name} version {diff.Before.Version} → {diff.After.Version}", $"{diff.Before.Training.K} → {Numbers.Of(diff.After.Training.K, "cluster")}, {diff.How}");
        console.WriteLine();
        Table table = Listing.NewTable();
        table.AddColumn(Listing.Head("cluster").RightAligned());
        if (named)
            table.AddColumn(Listing.Head("name"));
        foreach (string head in new[] { "rows before", "rows now", "moved", "confidence", "overlap" })
            table.AddColumn(Listing.Head(head).RightAligned());
        table.AddColumn(Listing.Head(""));
        var rows = new List<(int Order, List<Text> Cells)>();
        foreach (ClusterLineage cluster in diff.Clusters)
        {
            rows.Add((cluster.Born || cluster.SplitFrom is not null ? 0 : 1, Row(
                diff, coloured, named, cluster.Label, Real(cluster.Moved), Share(cluster.Confidence), cluster.Born ? "–" : Share(cluster.Jaccard), VersionDiff.Fate(cluster))));
        }

        foreach (ClusterEnd end in diff.Died)
            rows.Add((0, Row(diff, coloured, named, end.Label, "–", "–", "–", diff.Fate(end))));
        // Of many clusters those that something happened to are told first.
        IEnumerable<(int Order, List<Text> Cells)> shown = rows.Count <= MostRows ? rows : rows.OrderBy(row => row.Order).Take(MostRows);
        foreach ((_, List<Text> cells) in shown)
            table.AddRow(cells);
        Listing.Write(console, table);
        if (rows.Count > MostRows)
            console.Write(new Text($"  {MostRows} of {rows.Count} clusters, those that changed first; --report json has them all\n", Palette.Quiet));
        console.WriteLine();
        if (diff.HasAnchors)
        {
            TrainingText.Fact(console, "churn", Share(diff.Alignment.Churn), $"of {Numbers.Count((long)Math.Round(diff.Alignment.AnchorWeight))} anchor rows have another cluster id");
            TrainingText.Fact(console, "agreement", diff.Alignment.AdjustedRand.ToString("0.0000", CultureInfo.InvariantCulture), "adjusted Rand index of both partitions, whatever their ids");
        }

        if (diff.Alignment.LeastConfidence() is { } least)
            TrainingText.Fact(console, "certainty", Share(least), "of the least certain match");
    }

    private static List<Text> Row(VersionDiff diff, bool coloured, bool named, int label, string moved, string confidence, string overlap, string fate)
    {
        var cells = new List<Text> { ClusterTable.Name(label, coloured) };
        if (named)
            cells.Add(new Text(diff.NameOf(label)));
        cells.AddRange(new[] { Size(diff.SizeBefore(label)), Size(diff.SizeAfter(label)), moved, confidence, overlap }.Select(cell => new Text(cell)));
        cells.Add(new Text(fate, fate.Length > 0 ? Palette.Warning : Style.Plain));
        return cells;
    }

    private static string Size(long? size) => size is { } rows ? Numbers.Count(rows) : "–";

    private static string Real(double? value) => value is { } real ? real.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    private static string Share(double? value) => value is { } share ? Numbers.Share(100 * share) : "–";
}
