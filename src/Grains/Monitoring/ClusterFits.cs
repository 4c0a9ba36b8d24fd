using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Monitoring;

/// <summary>How well rows' clusters fit them, and how much better than the next best.</summary>
/// <param name="Fits">One a row.</param>
/// <param name="Leads">One a row; NaN: there is no other cluster.</param>
/// <param name="RunnersUp">Place of the next best, one a row; −1: there is none.</param>
internal sealed record ClusterFits(double[] Fits, double[] Leads, int[] RunnersUp)
{
    private const int SliceRows = 512;

    /// <summary>Of rows and the places of their clusters.</summary>
    public static ClusterFits Of(IQuadraticClusters clusters, RowBlock rows, int[] labels, IParallel parallel)
    {
        var told = new ClusterFits(new double[rows.Rows], new double[rows.Rows], new int[rows.Rows]);
        parallel.For((rows.Rows + SliceRows - 1) / SliceRows, slice =>
        {
            (double[] row, double[] apart, double[] product) = (new double[rows.Columns], new double[rows.Columns], new double[rows.Columns]);
            for (int i = slice * SliceRows; i < Math.Min(rows.Rows, (slice + 1) * SliceRows); i++)
            {
                rows.CopyRow(i, row);
                (int other, double best) = (-1, double.NegativeInfinity);
                for (int c = 0; c < clusters.K; c++)
                {
                    double fit = Fit(clusters, c, row, apart, product);
                    if (c == labels[i])
                        told.Fits[i] = fit;
                    else if (fit > best)
                        (other, best) = (c, fit);
                }

                told.RunnersUp[i] = other;
                told.Leads[i] = other < 0 ? double.NaN : told.Fits[i] - best;
            }
        });
        return told;
    }

    private static double Fit(IQuadraticClusters clusters, int cluster, double[] row, double[] apart, double[] product)
    {
        clusters.Subtract(cluster, row, apart);
        clusters.Multiply(cluster, apart, product);
        double sum = 0;
        for (int j = 0; j < apart.Length; j++)
            sum = Math.FusedMultiplyAdd(apart[j], product[j], sum);
        return clusters.Constant(cluster) - (clusters.Scale * sum);
    }
}
