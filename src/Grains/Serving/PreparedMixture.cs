using System.Runtime.InteropServices;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Mixtures;

namespace OrleansCluster.Serving;

/// <summary>A mixture, ready to answer.</summary>
internal sealed class PreparedMixture(MixtureModel model) : PreparedModel(model.K, model.Columns)
{
    /// <summary>Rows of one message of samples take at most this many bytes.</summary>
    private const int MostSampleBytes = 4 << 20;

    private const int SliceRows = 512;

    private readonly MixtureScorer _scorer = new(model);
    private readonly double[] _means = model.Means();

    public override long Bytes => 2L * sizeof(double) * (_means.Length + model.Parameters.Covariances.Length);

    public override double TermsPerRow => (double)K * Columns * (model.Form is CovarianceForm.Full or CovarianceForm.Tied ? (Columns + 3) / 2.0 : 2);

    public override PreparedMixture Densities(string name) => this;

    public override void Assign(RowBlock rows, Span<int> labels, Span<double> distances, IParallel parallel)
    {
        // Slices run on other threads, where spans cannot go.
        var found = new int[rows.Rows];
        var apart = new double[rows.Rows];
        _scorer.Score(rows, 1, default, found, default, parallel);
        parallel.For((rows.Rows + SliceRows - 1) / SliceRows, slice =>
        {
            var row = new double[Columns];
            for (int i = slice * SliceRows; i < Math.Min(rows.Rows, (slice + 1) * SliceRows); i++)
            {
                rows.CopyRow(i, row);
                apart[i] = Math.Sqrt(Distance.Squared(row, _means.AsSpan(found[i] * Columns, Columns)));
            }
        });
        found.CopyTo(labels);
        apart.CopyTo(distances);
    }

    /// <summary>Log-densities and responsibilities.</summary>
    public Scores Score(RowBlock rows, int top, int version, IParallel parallel)
    {
        top = Math.Min(top, K);
        var densities = new byte[rows.Rows * sizeof(double)];
        var components = new byte[rows.Rows * top * sizeof(int)];
        var shares = new byte[rows.Rows * top * sizeof(double)];
        _scorer.Score(
            rows, top, MemoryMarshal.Cast<byte, double>(densities.AsSpan()), MemoryMarshal.Cast<byte, int>(components.AsSpan()), MemoryMarshal.Cast<byte, double>(shares.AsSpan()), parallel);
        return new Scores { Version = version, Top = top, LogDensities = densities, Components = components, Responsibilities = shares, Threshold = model.Threshold };
    }

    /// <summary>KL from this mixture to another one in the same columns, over drawn rows.</summary>
    public DivergenceEstimate Diverge(PreparedMixture other, DivergenceQuery query, IParallel parallel)
    {
        MonteCarloEstimate estimate = MixtureDivergence.KullbackLeibler(_scorer, other._scorer, query.Seed, query.FirstRow, query.Rows, parallel);
        return new DivergenceEstimate { Rows = estimate.Samples, Value = estimate.Value, Squares = estimate.Squares };
    }

    /// <summary>Rows drawn from the mixture.</summary>
    /// <param name="query">What to draw; its component is a place in the parameters.</param>
    /// <param name="version">The version that answers.</param>
    /// <param name="parallel">Where slices run.</param>
    /// <exception cref="ClusteringException">The rows are too many for one call.</exception>
    public Samples Sample(SampleQuery query, int version, IParallel parallel)
    {
        if (query.Rows < 0 || query.FirstRow < 0 || (long)query.Rows * Columns * sizeof(double) > MostSampleBytes)
            throw new ClusteringException($"{query.Rows} rows from row {query.FirstRow} on cannot be drawn in one call: ask for at most {MostSampleBytes / sizeof(double) / Columns}, from row 0 or later.");
        var sampler = new MixtureSampler(model, query.Seed, query.Component);
        var values = new double[query.Rows * Columns];
        var components = new int[query.Rows];
        parallel.For((query.Rows + SliceRows - 1) / SliceRows, slice =>
        {
            for (int i = slice * SliceRows; i < Math.Min(query.Rows, (slice + 1) * SliceRows); i++)
                components[i] = sampler.Sample(query.FirstRow + i, values.AsSpan(i * Columns, Columns));
        });
        return new Samples { Version = version, Values = MemoryMarshal.AsBytes<double>(values).ToArray(), Components = MemoryMarshal.AsBytes<int>(components).ToArray() };
    }
}
