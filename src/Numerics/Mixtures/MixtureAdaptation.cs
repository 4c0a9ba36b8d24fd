using System.Collections.Immutable;
using OrleansCluster.Numerics.Adaptation;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>Components to begin with where clusters have become one or two.</summary>
public static class MixtureAdaptation
{
    /// <summary>
    /// The components: those that stayed as they were; of the others mean and covariance of their rows, drawn a little towards the covariance that there was,
    /// so that few rows do not make it singular; a half has the share of the weight that it has of the rows.
    /// </summary>
    /// <param name="model">The model with the components as they were.</param>
    /// <param name="clusters">What they have become.</param>
    /// <param name="rows">The rows that this was seen on.</param>
    public static MixtureModel Adapt(MixtureModel model, ImmutableArray<AdaptedCluster> clusters, RowBlock rows)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        MixtureParameters before = model.Parameters;
        (int d, int length) = (before.Columns, (int)before.Form.CovarianceLength(1, before.Columns));
        bool tied = before.Form == CovarianceForm.Tied;
        double[] weights = new double[clusters.Length], means = new double[clusters.Length * d];
        double[] covariances = tied ? before.Covariances.ToArray() : new double[clusters.Length * length];
        for (int i = 0; i < clusters.Length; i++)
        {
            AdaptedCluster cluster = clusters[i];
            foreach (int from in cluster.From)
                weights[i] += before.Weights[from];
            if (cluster.IsHalf)
            {
                int all = clusters.Where(one => one.IsHalf && one.From[0] == cluster.From[0]).Sum(one => one.Rows.Length);
                weights[i] *= cluster.Rows.Length / (double)all;
            }

            Span<double> mean = means.AsSpan(i * d, d);
            if (!cluster.IsChanged)
                before.Mean(cluster.From[0]).CopyTo(mean);
            else
                cluster.Mean(rows).CopyTo(mean);
            for (int j = 0; cluster.IsChanged && j < d; j++)
                mean[j] -= before.Origins[j];
            if (tied)
                continue;
            Span<double> covariance = covariances.AsSpan(i * length, length);
            before.Covariance(cluster.From[0]).CopyTo(covariance);
            if (cluster.IsChanged)
                Draw(before, cluster.Rows, rows, mean, covariance);
        }

        return new MixtureModel(new MixtureParameters(before.Form, before.Origins.ToArray(), weights, means, covariances), model.Threshold);
    }

    /// <summary>The covariance of rows about their mean, counted together with d + 1 rows of the covariance that is there.</summary>
    private static void Draw(MixtureParameters before, ImmutableArray<int> some, RowBlock rows, ReadOnlySpan<double> mean, Span<double> covariance)
    {
        int d = before.Columns;
        double kept = d + 1, all = some.Length + kept;
        var row = new double[d];
        var sums = new double[covariance.Length];
        foreach (int i in some)
        {
            rows.CopyRow(i, row);
            for (int a = 0; a < d; a++)
                row[a] -= before.Origins[a] + mean[a];
            for (int a = 0; a < d; a++)
            {
                switch (before.Form)
                {
                    case CovarianceForm.Full:
                        for (int b = 0; b <= a; b++)
                            sums[Symmetric.Index(a, b)] += row[a] * row[b];
                        break;
                    case CovarianceForm.Diagonal:
                        sums[a] += row[a] * row[a];
                        break;
                    default:
                        sums[0] += row[a] * row[a] / d;
                        break;
                }
            }
        }

        for (int t = 0; t < sums.Length; t++)
            covariance[t] = (sums[t] + (kept * covariance[t])) / all;
    }
}
