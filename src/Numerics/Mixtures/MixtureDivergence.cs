namespace OrleansCluster.Numerics.Mixtures;

/// <summary>An estimate by sampling, with its standard error.</summary>
/// <param name="Value">The mean of the samples.</param>
/// <param name="StandardError">Their standard deviation / √samples.</param>
/// <param name="Samples">How many.</param>
public sealed record MonteCarloEstimate(double Value, double StandardError, int Samples);

/// <summary>The Kullback–Leibler divergence of whole mixtures, for which there is no formula.</summary>
public static class MixtureDivergence
{
    private const int Batch = 4096;

    /// <summary>KL(p ‖ q) = E_p[ln p(x) − ln q(x)], in nats, over rows drawn from p.</summary>
    /// <param name="p">The mixture that rows are drawn from.</param>
    /// <param name="q">A mixture in as many columns.</param>
    /// <param name="samples">At least 2.</param>
    /// <param name="seed">Of the rows.</param>
    /// <param name="parallel">Where rows are scored; the estimate does not depend on it.</param>
    /// <exception cref="ArgumentException">The numbers of columns differ.</exception>
    public static MonteCarloEstimate KullbackLeibler(MixtureModel p, MixtureModel q, int samples, ulong seed, IParallel parallel)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        if (p.Columns != q.Columns)
            throw new ArgumentException($"A mixture in {p.Columns} columns does not compare with one in {q.Columns}.", nameof(q));
        var sampler = new MixtureSampler(p, seed);
        (MixtureScorer own, MixtureScorer other) = (new MixtureScorer(p), new MixtureScorer(q));
        (double mean, double squares) = (0, 0);
        for (int done = 0; done < samples; done += Batch)
        {
            int count = Math.Min(Batch, samples - done);
            var values = new double[count * p.Columns];
            for (int i = 0; i < count; i++)
                sampler.Sample(done + i, values.AsSpan(i * p.Columns, p.Columns));
            var rows = new RowBlock(values, p.Columns);
            var labels = new int[count];
            var first = new double[count];
            var second = new double[count];
            own.Score(rows, 1, first, labels, default, parallel);
            other.Score(rows, 1, second, labels, default, parallel);
            for (int i = 0; i < count; i++)
            {
                double sample = first[i] - second[i];
                double distance = sample - mean;
                mean += distance / (done + i + 1);
                squares = Math.FusedMultiplyAdd(distance, sample - mean, squares);
            }
        }

        return new MonteCarloEstimate(mean, Math.Sqrt(squares / (samples - 1) / samples), samples);
    }
}
