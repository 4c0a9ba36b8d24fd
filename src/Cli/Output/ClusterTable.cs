using System.Globalization;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>The clusters of a trained model as a table: how many rows, how wide, how far from the nearest other.</summary>
internal static class ClusterTable
{
    private const int MostRows = 24;
    private const int BarCells = 12;

    /// <param name="clusters">The clusters, in the order of the parameters.</param>
    /// <param name="centroids">k × d centres in the same order.</param>
    /// <param name="coloured">Whether a cluster's colour may be shown.</param>
    /// <param name="weights">Shares of a mixture's components in the same order; empty for clusters without.</param>
    public static Table Create(IReadOnlyList<ClusterRecord> clusters, double[] centroids, bool coloured, IReadOnlyList<double> weights)
    {
        Table table = Listing.NewTable();
        table.AddColumn(Listing.Head("cluster").RightAligned());
        table.AddColumn(Listing.Head("size").RightAligned());
        table.AddColumn(Listing.Head("share").RightAligned());
        table.AddColumn(Listing.Head("").Width(BarCells));
        if (weights.Count > 0)
            table.AddColumn(Listing.Head("weight").RightAligned());
        table.AddColumn(Listing.Head("spread").RightAligned());
        table.AddColumn(Listing.Head("nearest").RightAligned());
        table.AddColumn(Listing.Head("distance").RightAligned());
        long total = clusters.Sum(cluster => cluster.Size);
        long largest = clusters.Count == 0 ? 0 : clusters.Max(cluster => cluster.Size);
        IEnumerable<int> shown = Enumerable.Range(0, clusters.Count);
        if (clusters.Count > MostRows)
            shown = shown.OrderByDescending(index => clusters[index].Size).ThenBy(index => clusters[index].Label).Take(MostRows);
        else
            shown = shown.OrderBy(index => clusters[index].Label);
        int[] indexes = [.. shown];
        ClusterRecord[] records = [.. indexes.Select(index => clusters[index])];
        (int Index, double Distance)[] others = [.. indexes.Select(index => Nearest(centroids, clusters.Count, index))];
        string[] spreads = Numbers.Aligned([.. records.Select(cluster => cluster.Spread)]);
        string[] distances = Numbers.Aligned([.. others.Select(other => other.Distance)]);
        for (int i = 0; i < records.Length; i++)
        {
            ClusterRecord cluster = records[i];
            var cells = new List<Text>
            {
                Name(cluster.Label, coloured),
                new(Numbers.Count(cluster.Size)),
                new(Numbers.Share(total == 0 ? 0 : 100.0 * cluster.Size / total)),
                new(Bar(cluster.Size, largest), coloured ? new Style(Palette.Of(cluster.Label)) : Style.Plain),
                new(spreads[i]),
                others[i].Index < 0 ? new Text("–") : Name(clusters[others[i].Index].Label, coloured),
                new(distances[i]),
            };
            if (weights.Count > 0)
                cells.Insert(4, new Text(weights[indexes[i]].ToString("0.0000", CultureInfo.InvariantCulture)));
            table.AddRow(cells);
        }

        return table;
    }

    /// <summary>What the table leaves out; null when it shows every cluster.</summary>
    public static string? Rest(int clusters) =>
        clusters > MostRows ? $"the {MostRows} largest of {clusters} clusters; --report json has them all" : null;

    /// <summary>The other centre nearest to one, and its distance; (−1, NaN) when there is no other.</summary>
    private static (int Index, double Distance) Nearest(double[] centroids, int k, int index)
    {
        int d = k == 0 ? 0 : centroids.Length / k, best = -1;
        double least = double.PositiveInfinity;
        for (int other = 0; other < k; other++)
        {
            double sum = 0;
            for (int j = 0; j < d; j++)
            {
                double difference = centroids[index * d + j] - centroids[other * d + j];
                sum += difference * difference;
            }

            if (other != index && sum < least)
                (least, best) = (sum, other);
        }

        return best < 0 ? (-1, double.NaN) : (best, Math.Sqrt(least));
    }

    /// <summary>A label, in its colour where that may be shown.</summary>
    public static Text Name(int label, bool coloured)
    {
        string number = label.ToString(CultureInfo.InvariantCulture);
        return coloured ? new Text("● " + number, new Style(Palette.Of(label))) : new Text(number);
    }

    /// <summary>A bar in halves of a cell.</summary>
    private static string Bar(long size, long largest)
    {
        int halves = largest == 0 ? 0 : (int)Math.Round(2.0 * BarCells * size / largest);
        return new string('━', halves / 2) + (halves % 2 == 1 ? "╸" : "");
    }
}
