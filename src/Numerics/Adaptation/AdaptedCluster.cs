using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Adaptation;

/// <summary>A cluster that a training begins with, by what it comes from.</summary>
/// <param name="From">Places of the clusters that it is made of, ascending: one, or several that had become one.</param>
/// <param name="IsHalf">Whether it is one of the two that a cluster had become.</param>
/// <param name="Rows">Those of the sample that it holds, where it is not just the cluster that it comes from.</param>
public sealed record AdaptedCluster(ImmutableArray<int> From, bool IsHalf, ImmutableArray<int> Rows)
{
    /// <summary>Whether it is anything else than the cluster that it comes from.</summary>
    public bool IsChanged => IsHalf || From.Length > 1;

    /// <summary>Mean of its rows: d values.</summary>
    internal double[] Mean(Rows.RowBlock rows)
    {
        var mean = new double[rows.Columns];
        ModesApart.Add(rows, Rows, mean);
        return mean;
    }
}
