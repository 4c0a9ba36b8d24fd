using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Kernels;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>
/// The nearest of a growing list of centres for every row: when centres are appended, only they are looked at.
/// A cache: the answers are those of looking at all of them.
/// </summary>
/// <param name="reader">The shard's rows.</param>
internal sealed class NearestCache(RowReader reader)
{
    private double[] centroids = [];
    private int[] labels = [];
    private double[] squared = [];

    /// <summary>The nearest centre of each row; −1 when there are none.</summary>
    public ReadOnlySpan<int> Labels => labels;

    /// <summary>D to it; 1 when there are none, so that rows are drawn by weight alone.</summary>
    public ReadOnlySpan<double> Squared => squared;

    public void Update(double[] wanted, Work work)
    {
        int rows = reader.Block.Rows;
        int known = IsPrefix(centroids, wanted) && squared.Length == rows ? centroids.Length : 0;
        if (known == 0)
        {
            if (squared.Length != rows)
                (labels, squared) = (new int[rows], new double[rows]);
            Array.Fill(labels, -1);
            Array.Fill(squared, 1);
        }

        centroids = [];
        if (known < wanted.Length)
            Append(wanted, known, work);
        centroids = wanted;
    }

    private void Append(double[] wanted, int known, Work work)
    {
        int d = reader.Block.Columns;
        var fresh = new NearestCentroid(wanted[known..], (wanted.Length - known) / d, d);
        reader.ForSlices(work, (_, start, end) =>
        {
            Span<int> nearest = stackalloc int[RowReader.SliceRows];
            Span<double> least = stackalloc double[RowReader.SliceRows];
            fresh.Assign(reader.Block.Slice(start, end - start), nearest, least, Sequential.Instance);
            for (int i = start; i < end; i++)
            {
                // On equal D the earlier centre keeps the row.
                if (known == 0 || least[i - start] < squared[i])
                    (labels[i], squared[i]) = ((known / d) + nearest[i - start], least[i - start]);
            }
        });
    }

    private static bool IsPrefix(double[] prefix, double[] whole)
        => prefix.Length <= whole.Length
            && MemoryMarshal.AsBytes(prefix.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(whole.AsSpan(0, prefix.Length)));
}
