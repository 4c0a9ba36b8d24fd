using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Profiles;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.Monitoring;

/// <summary>A model of nearest centres, as plain loops.</summary>
internal sealed class CentredRows(double[] centres, int columns) : ISparseProfiledModel, IQuadraticClusters
{
    public IQuadraticClusters? Centres => this;

    public int K => centres.Length / columns;

    public int Columns => columns;

    public double Scale => 1;

    public double Loss(ReadOnlySpan<double> scores) => scores[0] * scores[0];

    public double Constant(int cluster) => 0;

    public double Curvature(int cluster, int column) => 1;

    public void Multiply(int cluster, ReadOnlySpan<double> differences, Span<double> products) => differences.CopyTo(products);

    public void Subtract(int cluster, ReadOnlySpan<double> row, Span<double> differences)
    {
        for (int j = 0; j < columns; j++)
            differences[j] = row[j] - centres[(cluster * columns) + j];
    }

    void ISparseProfiledModel.Tell(SparseBlock rows, int[] clusters, double[][] scores, IParallel parallel) =>
        Tell(rows.ToDense(0, rows.Rows), clusters, scores, parallel);

    public void Tell(RowBlock rows, int[] clusters, double[][] scores, IParallel parallel)
    {
        var row = new double[columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            rows.CopyRow(i, row);
            (int nearest, double least) = (0, double.PositiveInfinity);
            for (int c = 0; c < K; c++)
            {
                double sum = 0;
                for (int j = 0; j < columns; j++)
                    sum += (row[j] - centres[(c * columns) + j]) * (row[j] - centres[(c * columns) + j]);
                if (sum < least)
                    (nearest, least) = (c, sum);
            }

            (clusters[i], scores[0][i]) = (nearest, Math.Sqrt(least));
        }
    }

    /// <summary>The profile of rows.</summary>
    public RowProfile Profile(double[] values, IParallel? parallel = null) =>
        Profiler.Profile(new RowBlock(values, columns), Frame(values), this, parallel ?? Sequential.Instance);

    /// <summary>What a profile tells of how its rows fit.</summary>
    public FitReference Reference(RowProfile profile) => new(
        profile.Clusters.ToArray(), columns, (c, j) => Moments(profile.Centred, c, j), [.. Enumerable.Range(0, columns).Select(profile.Deviation)],
        Moments(profile.Fits, RowProfile.Losses, 0), Moments(profile.Fits, RowProfile.Silhouettes, 0));

    /// <summary>Rows observed under a reference.</summary>
    public ObservedRows Observe(double[] values, FitReference reference)
    {
        var rows = new RowBlock(values, columns);
        var frame = new ObservationFrame([], [ValueBins.UpTo(1)], K);
        var seen = new ObservedRows(frame);
        (int[] clusters, double[] scores) = (new int[rows.Rows], new double[rows.Rows]);
        Tell(rows, clusters, [scores], Sequential.Instance);
        seen.Take(frame, null, rows, clusters, [scores], new RowFits(reference, this));
        return seen;
    }

    private ProfileFrame Frame(double[] values) =>
        new([.. Enumerable.Repeat(values.Min(), columns)], [.. Enumerable.Repeat(values.Max(), columns)], K, Scores: 1);

    private static FitMoments Moments(Moments moments, int group, int column) =>
        new(moments.Rows(group), moments.Mean(group, column), moments.Deviation(group, column), moments.Skew(group, column));
}
