using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Functions;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>
/// Mixtures as written in docs/numerics.md, in plain scalar code: what the kernels must reproduce to the bit.
/// </summary>
internal sealed class MixtureOracle
{
    /// <summary>Rows of a chunk: the unit of arithmetic. Sums run over its rows in order; chunks merge along a binary tree.</summary>
    public const int ChunkRows = 2048;

    /// <summary>60 ln 2: a component whose log-density is more than this below the greatest has no part in a row.</summary>
    public const double Negligible = 41.58883083359672;

    /// <summary>2^−60: a responsibility below is zero.</summary>
    public const double LeastResponsibility = 1.0 / (1L << 60);

    private readonly MixtureStep _step;
    private readonly GaussianFactors? _factors;
    private readonly double[] _row;
    private readonly double[] _solved;

    /// <param name="step">What to compute.</param>
    /// <param name="factors">Of the step's parameters, when it has any.</param>
    public MixtureOracle(MixtureStep step, GaussianFactors? factors)
    {
        (_step, _factors) = (step, factors);
        _row = new double[step.Origins.Length];
        _solved = new double[step.Origins.Length];
        Responsibilities = new double[step.K];
    }

    /// <summary>Of the row looked at last.</summary>
    public double[] Responsibilities { get; }

    /// <summary>ln p(x) of the row looked at last; 0 where responsibilities do not come from densities.</summary>
    public double LogDensity { get; private set; }

    /// <summary>ln of the greatest responsibility of the row looked at last.</summary>
    public double LogCertainty { get; private set; }

    /// <summary>The most probable component of the row looked at last, the lowest index on equal densities.</summary>
    public int Label { get; private set; }

    /// <summary>ln π_c N(x; μ_c, Σ_c): constant − ½ |y|² with L y = x − μ, solved column by column.</summary>
    public static double WeightedLogDensity(GaussianFactors factors, int component, ReadOnlySpan<double> centred, Span<double> solved)
    {
        ReadOnlySpan<double> mean = factors.Parameters.Mean(component);
        ReadOnlySpan<double> inverses = factors.Inverses(component);
        ReadOnlySpan<double> factor = factors.Triangular ? factors.Factor(component) : default;
        double squared = 0;
        for (int j = 0; j < centred.Length; j++)
        {
            double rest = centred[j] - mean[j];
            for (int i = 0; i < j && factors.Triangular; i++)
                rest = Math.FusedMultiplyAdd(-factor[Symmetric.Index(j, i)], solved[i], rest);
            solved[j] = rest * inverses[j];
            squared = Math.FusedMultiplyAdd(solved[j], solved[j], squared);
        }

        return Math.FusedMultiplyAdd(-0.5, squared, factors.Constants[component]);
    }

    /// <summary>Looks at a row: responsibilities, log-density and label.</summary>
    /// <param name="values">d values as they came.</param>
    /// <param name="id">Stable row id.</param>
    public void Look(ReadOnlySpan<double> values, long id)
    {
        Array.Clear(Responsibilities);
        for (int j = 0; j < _row.Length; j++)
            _row[j] = values[j] - _step.Origins[j];
        switch (_step.Source)
        {
            case ResponsibilitySource.Whole:
                Label = 0;
                Responsibilities[0] = 1;
                break;
            case ResponsibilitySource.Nearest:
                Label = Distance.Nearest(values, _step.Centres, out _);
                Responsibilities[Label] = 1;
                break;
            case ResponsibilitySource.Random:
                Draw(id);
                break;
            default:
                Bayes();
                break;
        }
    }

    private void Draw(long id)
    {
        double sum = 0;
        for (int c = 0; c < Responsibilities.Length; c++)
        {
            Responsibilities[c] = new Draws(_step.Seed, Purpose.MixtureStart, _step.Restart, c).Uniform(id);
            sum += Responsibilities[c];
        }

        // A draw is at least 2^−53: none is negligible.
        for (int c = 0; c < Responsibilities.Length; c++)
            Responsibilities[c] /= sum;
    }

    private void Bayes()
    {
        double[] shares = Responsibilities;
        // Finite, so that a row which is infinitely far from every component has density 0 and belongs to none.
        double greatest = double.MinValue;
        Label = 0;
        for (int c = 0; c < shares.Length; c++)
        {
            shares[c] = WeightedLogDensity(_factors!, c, _row, _solved);
            if (shares[c] > greatest)
                (Label, greatest) = (c, shares[c]);
        }

        double sum = 0;
        for (int c = 0; c < shares.Length; c++)
        {
            double below = shares[c] - greatest;
            shares[c] = below < -Negligible ? 0 : Elementary.Exp(below);
            sum += shares[c];
        }

        LogCertainty = -Elementary.Log(sum);
        LogDensity = greatest - LogCertainty;
        for (int c = 0; c < shares.Length; c++)
            Keep(c, shares[c] / sum);
    }

    private void Keep(int component, double responsibility)
        => Responsibilities[component] = responsibility >= LeastResponsibility ? responsibility : 0;

    /// <summary>The summary of rows <paramref name="start"/> … <paramref name="end"/> − 1, one chunk.</summary>
    public void Summary(RowBlock rows, int start, int end, MixtureSummary summary)
    {
        var values = new double[rows.Columns];
        for (int i = start; i < end; i++)
        {
            rows.CopyRow(i, values);
            Look(values, rows.FirstRow + i);
            summary.Accumulate(Label, rows.Weights.IsEmpty ? 1 : rows.Weights.Span[i], LogDensity, LogCertainty);
        }
    }

    /// <summary>The moments of rows <paramref name="start"/> … <paramref name="end"/> − 1, one chunk.</summary>
    public void Moments(RowBlock rows, int start, int end, ComponentMoments moments)
    {
        var centred = new double[(end - start) * rows.Columns];
        var shares = new double[(end - start) * _step.K];
        var values = new double[rows.Columns];
        for (int i = start; i < end; i++)
        {
            double weight = rows.Weights.IsEmpty ? 1 : rows.Weights.Span[i];
            if (weight == 0)
                continue;
            rows.CopyRow(i, values);
            Look(values, rows.FirstRow + i);
            _row.CopyTo(centred, (i - start) * rows.Columns);
            for (int c = 0; c < _step.K; c++)
                shares[((i - start) * _step.K) + c] = weight * Responsibilities[c];
            moments.Rows++;
            moments.TotalWeight += weight;
            if (_step.Source == ResponsibilitySource.Posterior)
                moments.LogLikelihood = Math.FusedMultiplyAdd(weight, LogDensity, moments.LogLikelihood);
        }

        for (int c = 0; c < _step.K; c++)
            Component(moments, c, centred, shares);
    }

    /// <summary>Weight and mean of one component over the chunk's rows in order, then its moments about that mean.</summary>
    private void Component(ComponentMoments moments, int c, double[] centred, double[] shares)
    {
        int d = moments.Columns;
        int rows = centred.Length / d;
        Span<double> mean = moments.Means.AsSpan(c * d, d);
        double weight = 0;
        for (int i = 0; i < rows; i++)
        {
            double share = shares[(i * _step.K) + c];
            if (share == 0)
                continue;
            weight += share;
            for (int j = 0; j < d; j++)
                mean[j] = Math.FusedMultiplyAdd(share, centred[(i * d) + j], mean[j]);
        }

        moments.Weights[c] = weight;
        if (weight == 0)
            return;
        for (int j = 0; j < d; j++)
            mean[j] /= weight;
        int length = moments.Form == CovarianceForm.Tied ? 0 : moments.Seconds.Length / _step.K;
        Span<double> seconds = moments.Seconds.AsSpan(c * length);
        for (int i = 0; i < rows; i++)
        {
            double share = shares[(i * _step.K) + c];
            if (share == 0)
                continue;
            for (int j = 0; j < d; j++)
                _solved[j] = centred[(i * d) + j] - mean[j];
            for (int j = 0; j < d; j++)
            {
                double weighted = share * _solved[j];
                if (moments.Form is CovarianceForm.Full or CovarianceForm.Tied)
                {
                    for (int h = 0; h <= j; h++)
                        seconds[Symmetric.Index(j, h)] = Math.FusedMultiplyAdd(weighted, _solved[h], seconds[Symmetric.Index(j, h)]);
                }
                else
                {
                    seconds[j] = Math.FusedMultiplyAdd(weighted, _solved[j], seconds[j]);
                }
            }
        }
    }
}
