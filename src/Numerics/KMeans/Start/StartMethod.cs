using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Start;

/// <summary>What finding starting centres needs to know.</summary>
/// <param name="K">The centres asked for.</param>
/// <param name="Seed">The user's.</param>
/// <param name="Columns">d.</param>
/// <param name="Frame">The grid of the weights.</param>
/// <param name="Unit">Exponent of the grid of potentials.</param>
/// <param name="Restart">From 0.</param>
internal sealed record StartContext(int K, ulong Seed, int Columns, ColumnFrame Frame, int Unit, int Restart)
{
    public Draws Draws(Purpose purpose, int round) => new(Seed, purpose, Restart, round);
}

/// <summary>Finds starting centres, step by step.</summary>
internal abstract class StartMethod
{
    /// <summary>The step whose merged statistic is wanted; null when the centres are found.</summary>
    public abstract KMeansStep? Next { get; }

    /// <summary>c × d, c ≤ k: fewer when the rows have fewer distinct values. Complete when <see cref="Next"/> is null.</summary>
    public abstract double[] Centroids { get; }

    public abstract void Advance(Statistic statistic, IParallel parallel);

    public abstract void Write(ByteWriter writer);

    /// <summary>The values of rows, one after the other.</summary>
    private protected static double[] Values(IReadOnlyList<SelectedRow> rows)
    {
        int columns = rows.Count == 0 ? 0 : rows[0].Values.Length;
        var values = new double[rows.Count * columns];
        for (int i = 0; i < rows.Count; i++)
            rows[i].Values.CopyTo(values, i * columns);
        return values;
    }
}

/// <summary>The centres that the user gave.</summary>
/// <param name="given">c × d.</param>
internal sealed class GivenStart(double[] given) : StartMethod
{
    public override KMeansStep? Next => null;

    public override double[] Centroids => (double[])given.Clone();

    public override void Advance(Statistic statistic, IParallel parallel)
        => throw new InvalidOperationException("Given centres need no step.");

    public override void Write(ByteWriter writer)
    {
    }
}
