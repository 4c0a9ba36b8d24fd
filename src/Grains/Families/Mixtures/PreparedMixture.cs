using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Families.Mixtures;

/// <summary>A mixture, ready to answer.</summary>
internal sealed class PreparedMixture(IModel finished, MixtureModel model) : PreparedModel(finished), ILabels, IDensities, ISamples, IDivergences
{
    private const int SliceRows = 512;

    private readonly MixtureScorer _scorer = new(model);
    private readonly double[] _means = model.Means();
    private readonly Lazy<ComponentDensities> _fits = new(() => new ComponentDensities(model));

    public override long Bytes => 2L * sizeof(double) * (_means.Length + model.Parameters.Covariances.Length);

    public override IQuadraticClusters Fits => _fits.Value;

    public override string FitName => "log_density";

    public override double TermsPerRow => (double)K * Columns * (model.Form is CovarianceForm.Full or CovarianceForm.Tied ? (Columns + 3) / 2.0 : 2);

    public double Threshold => model.Threshold;

    public void Assign(RowBlock rows, Span<int> labels, Span<double> distances, IParallel parallel)
    {
        // Slices run on other threads, where spans cannot go.
        var found = new int[rows.Rows];
        var apart = new double[rows.Rows];
        var densities = new double[rows.Rows];
        _scorer.Score(rows, 1, densities, found, default, parallel);
        parallel.For((rows.Rows + SliceRows - 1) / SliceRows, slice =>
        {
            var row = new double[Columns];
            for (int i = slice * SliceRows; i < Math.Min(rows.Rows, (slice + 1) * SliceRows); i++)
            {
                rows.CopyRow(i, row);
                // Without a density a label means nothing.
                apart[i] = double.IsFinite(densities[i]) ? Math.Sqrt(Distance.Squared(row, _means.AsSpan(found[i] * Columns, Columns)))
                    : double.PositiveInfinity;
            }
        });
        found.CopyTo(labels);
        apart.CopyTo(distances);
    }

    public void Score(RowBlock rows, int top, Span<double> logDensities, Span<int> parts, Span<double> responsibilities, IParallel parallel) =>
        _scorer.Score(rows, top, logDensities, parts, responsibilities, parallel);

    public MonteCarloEstimate? Diverge(IDivergences other, ulong seed, long firstRow, int rows, IParallel parallel) => other is PreparedMixture mixture
        ? MixtureDivergence.KullbackLeibler(_scorer, mixture._scorer, seed, firstRow, rows, parallel)
        : null;

    public void Sample(ulong seed, int part, long firstRow, double[] values, int[] parts, IParallel parallel)
    {
        var sampler = new MixtureSampler(model, seed, part);
        parallel.For((parts.Length + SliceRows - 1) / SliceRows, slice =>
        {
            for (int i = slice * SliceRows; i < Math.Min(parts.Length, (slice + 1) * SliceRows); i++)
                parts[i] = sampler.Sample(firstRow + i, values.AsSpan(i * Columns, Columns));
        });
    }
}
