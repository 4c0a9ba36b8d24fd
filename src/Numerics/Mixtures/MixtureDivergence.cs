using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>The Kullback–Leibler divergence of whole mixtures, for which there is no formula.</summary>
public static class MixtureDivergence
{
    private const int Batch = 4096;

    /// <summary>KL(p ‖ q) = E_p[ln p(x) − ln q(x)], in nats, over rows drawn from p.</summary>
    /// <param name="p">The mixture that rows are drawn from.</param>
    /// <param name="q">A mixture in as many columns.</param>
    /// <param name="seed">Of the rows.</param>
    /// <param name="firstRow">Number of the first row: row i is a function of p, seed and i alone.</param>
    /// <param name="samples">Rows, at least 1.</param>
    /// <param name="parallel">Where rows are scored; the estimate does not depend on it.</param>
    /// <returns>The estimate; +∞, with an error of NaN, when q gives a row of p no density at all.</returns>
    /// <exception cref="ArgumentException">The numbers of columns differ.</exception>
    public static MonteCarloEstimate KullbackLeibler(MixtureScorer p, MixtureScorer q, ulong seed, long firstRow, int samples, IParallel parallel)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        int columns = p.Model.Columns;
        if (columns != q.Model.Columns)
            throw new ArgumentException($"A mixture in {columns} columns does not compare with one in {q.Model.Columns}.", nameof(q));
        var sampler = new MixtureSampler(p.Model, seed);
        (double mean, double squares) = (0, 0);
        for (int done = 0; done < samples; done += Batch)
        {
            int count = Math.Min(Batch, samples - done);
            var values = new double[count * columns];
            for (int i = 0; i < count; i++)
                sampler.Sample(firstRow + done + i, values.AsSpan(i * columns, columns));
            var rows = new RowBlock(values, columns);
            var labels = new int[count];
            var own = new double[count];
            var other = new double[count];
            p.Score(rows, 1, own, labels, default, parallel);
            q.Score(rows, 1, other, labels, default, parallel);
            for (int i = 0; i < count; i++)
            {
                if (double.IsNegativeInfinity(other[i]))
                    return new MonteCarloEstimate(double.PositiveInfinity, double.NaN, samples);
                double sample = own[i] - other[i];
                double distance = sample - mean;
                mean += distance / (done + i + 1);
                squares = Math.FusedMultiplyAdd(distance, sample - mean, squares);
            }
        }

        return new MonteCarloEstimate(mean, squares, samples);
    }
}
