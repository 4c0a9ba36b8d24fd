using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Mixtures;

/// <summary>Rows, parameters and trainings for tests of mixtures.</summary>
internal static class MixtureCase
{
    public static readonly CovarianceForm[] Forms = [CovarianceForm.Full, CovarianceForm.Tied, CovarianceForm.Diagonal, CovarianceForm.Spherical];

    /// <summary>Every width in software or hardware, and the oracle.</summary>
    public static readonly SimdWidth?[] Widths = [null, SimdWidth.Scalar, SimdWidth.V128, SimdWidth.V256, SimdWidth.V512];

    public static MixtureTrainer Train(
        MixtureSpec spec, RowBlock rows, int shardRows = int.MaxValue, IParallel? parallel = null, Action<TrainingEvent>? told = null)
    {
        var trainer = new MixtureTrainer(spec, rows.Columns);
        LocalTraining.Run(trainer, Workers(rows, shardRows, SimdSelection.Current), parallel ?? Sequential.Instance, told);
        return trainer;
    }

    public static IShardWorker[] Workers(RowBlock rows, int shardRows, SimdWidth? width)
        => [.. Tests.KMeans.Train.Shards(rows, shardRows).Select(shard => new MixtureShardWorker(shard, width))];

    /// <summary>Correlated Gaussian clusters of unequal shapes, sizes and distances.</summary>
    public static double[] Clusters(int seed, int rows, int columns, int k, double distance, double offset = 0)
    {
        var random = new Random(seed);
        double[] means = [.. Enumerable.Range(0, k * columns).Select(_ => Normal(random) * distance)];
        double[] shears = [.. Enumerable.Range(0, k * columns * columns).Select(_ => Normal(random) * 0.3)];
        var values = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            int c = Math.Min(random.Next(k + 2), k - 1);
            double[] z = [.. Enumerable.Range(0, columns).Select(_ => Normal(random))];
            for (int j = 0; j < columns; j++)
            {
                double value = means[(c * columns) + j] + (z[j] * (0.5 + (c % 3)));
                for (int h = 0; h < j; h++)
                    value += shears[(((c * columns) + j) * columns) + h] * z[h];
                values[(i * columns) + j] = offset + value;
            }
        }

        return values;
    }

    /// <summary>Positive definite parameters near those of <see cref="Clusters"/>.</summary>
    public static MixtureParameters Parameters(int seed, CovarianceForm form, int k, int columns, double distance)
    {
        var random = new Random(seed);
        double[] origins = [.. Enumerable.Range(0, columns).Select(_ => Normal(random))];
        double[] weights = [.. Enumerable.Range(0, k).Select(_ => 0.1 + random.NextDouble())];
        double total = weights.Sum();
        double[] means = [.. Enumerable.Range(0, k * columns).Select(_ => Normal(random) * distance)];
        var covariances = new double[form.CovarianceLength(k, columns)];
        int packed = (int)CovarianceForms.Packed(columns);
        for (int at = 0; at < covariances.Length; at += packed)
        {
            if (form is CovarianceForm.Diagonal or CovarianceForm.Spherical)
            {
                covariances = [.. covariances.Select(_ => 0.3 + random.NextDouble())];
                break;
            }

            double[] b = [.. Enumerable.Range(0, columns * columns).Select(_ => Normal(random) * 0.4)];
            for (int i = 0; i < columns; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double sum = i == j ? 0.5 : 0;
                    for (int h = 0; h < columns; h++)
                        sum += b[(i * columns) + h] * b[(j * columns) + h];
                    covariances[at + (i * (i + 1) / 2) + j] = sum;
                }
            }
        }

        return new MixtureParameters(form, origins, [.. weights.Select(weight => weight / total)], means, covariances);
    }

    public static double Normal(Random random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;

    /// <summary>Rows evenly spaced over a data set, as starting means.</summary>
    public static double[] EveryNth(RowBlock rows, int k)
    {
        var means = new double[k * rows.Columns];
        for (int c = 0; c < k; c++)
            rows.CopyRow((int)((long)c * rows.Rows / k), means.AsSpan(c * rows.Columns));
        return means;
    }
}
