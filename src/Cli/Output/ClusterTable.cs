using System.Globalization;
using OrleansCluster.Families;
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
    /// <param name="measures">What else is told of them, each with a title, in the same order.</param>
    /// <param name="names">Names that people gave clusters.</param>
    public static Listing Create(IReadOnlyList<ClusterRecord> clusters, double[] centroids, bool coloured, IEnumerable<PartMeasure> measures,
        ClusterNames names)
    {
        PartMeasure[] told = [.. measures];
        var table = new Listing(
        [
            Column.Number("cluster"), Column.Name("name", least: 20), Column.Number("size"), Column.Number("share"),
                Column.Drawing("", leaves: 3, BarCells, least: 4),
            .. told.Select(measure => Column.Number(measure.Title)), Column.Number("spread", leaves: 2), Column.Number("nearest", leaves: 1),
                Column.Number("distance", leaves: 1),
        ]);
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
            table.Add(
            [
                Id(cluster.Label, coloured),
                names.Of(cluster.Label),
                Numbers.Count(cluster.Size),
                Numbers.Share(total == 0 ? 0 : 100.0 * cluster.Size / total),
                Cell.Bar(largest == 0 ? 0 : (double)cluster.Size / largest, coloured ? new Style(Palette.Of(cluster.Label)) : default(Style?)),
                .. told.Select(measure => (Cell)measure.Values[indexes[i]].ToString("0.0000", CultureInfo.InvariantCulture)),
                spreads[i],
                others[i].Index < 0 ? "–" : Id(clusters[others[i].Index].Label, coloured),
                distances[i],
            ]);
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

    /// <summary>A cluster's id, in its colour where that may be shown.</summary>
    public static Cell Id(int cluster, bool coloured)
    {
        string number = cluster.ToString(CultureInfo.InvariantCulture);
        return coloured ? new Cell("● " + number, new Style(Palette.Of(cluster))) : new Cell(number);
    }
}
