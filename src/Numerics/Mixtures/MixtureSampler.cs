using OrleansCluster.Numerics.Functions;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Randomness;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>
/// Draws rows from a mixture. Row i is a function of model, seed and i alone: who draws it, and which others, changes nothing.
/// Safe for concurrent use.
/// </summary>
/// <remarks>Standard normal numbers by Marsaglia's polar method; x = mean + L z with the Cholesky factor L.</remarks>
public sealed class MixtureSampler
{
    private readonly MixtureModel _model;
    private readonly GaussianFactors _factors;
    private readonly ulong _seed;
    private readonly int _component;

    /// <param name="model">The mixture.</param>
    /// <param name="seed">Of all random numbers.</param>
    /// <param name="component">The component that all rows come from; −1: each row from one drawn by weight.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component.</exception>
    /// <exception cref="InvalidDataException">A covariance is not positive definite.</exception>
    public MixtureSampler(MixtureModel model, ulong seed, int component = -1)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (component < -1 || component >= model.K)
            throw new ArgumentOutOfRangeException(nameof(component), $"The model has no component {component}: it has 0 … {model.K - 1}.");
        (_model, _seed, _component) = (model, seed, component);
        _factors = GaussianFactors.Create(model.Parameters);
    }

    /// <summary>Draws one row.</summary>
    /// <param name="row">Its number, at least 0.</param>
    /// <param name="values">Receives d values.</param>
    /// <returns>The component that it comes from.</returns>
    public int Sample(long row, Span<double> values)
    {
        int d = _model.Columns;
        values = values[..d];
        int c = _component >= 0 ? _component : Component(new Draws(_seed, Purpose.MixtureSample, 0, 0).Uniform(row));
        Span<double> normal = d <= 256 ? stackalloc double[d + 1] : new double[d + 1];
        for (int j = 0; j < d; j += 2)
            (normal[j], normal[j + 1]) = Normal(row, 1 + (j / 2));
        MixtureParameters parameters = _model.Parameters;
        ReadOnlySpan<double> mean = parameters.Mean(c);
        for (int j = 0; j < d; j++)
        {
            double value = mean[j];
            if (_factors.Triangular)
            {
                ReadOnlySpan<double> factor = _factors.Factor(c).Slice(Symmetric.Index(j, 0), j + 1);
                for (int i = 0; i <= j; i++)
                    value = Math.FusedMultiplyAdd(factor[i], normal[i], value);
            }
            else
            {
                ReadOnlySpan<double> kept = parameters.Covariance(c);
                value = Math.FusedMultiplyAdd(Math.Sqrt(kept[kept.Length == 1 ? 0 : j]), normal[j], value);
            }

            values[j] = value + parameters.Origins[j];
        }

        return c;
    }

    private int Component(double uniform)
    {
        ReadOnlySpan<double> weights = _model.Parameters.Weights;
        double below = 0;
        int last = 0;
        for (int c = 0; c < weights.Length; c++)
        {
            if (weights[c] == 0)
                continue;
            below += weights[c];
            last = c;
            if (uniform < below)
                break;
        }

        return last;
    }

    /// <summary>Two independent standard normal numbers. Each attempt draws under its own number.</summary>
    private (double First, double Second) Normal(long row, int pair)
    {
        for (int attempt = 0; ; attempt += 2)
        {
            double a = (2 * new Draws(_seed, Purpose.MixtureSample, attempt, pair).Uniform(row)) - 1;
            double b = (2 * new Draws(_seed, Purpose.MixtureSample, attempt + 1, pair).Uniform(row)) - 1;
            double squared = Math.FusedMultiplyAdd(a, a, b * b);
            if (squared >= 1 || squared == 0)
                continue;
            double factor = Math.Sqrt(-2 * Elementary.Log(squared) / squared);
            return (a * factor, b * factor);
        }
    }
}
