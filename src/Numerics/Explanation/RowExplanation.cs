using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Explanation;

/// <summary>Why a row belongs to its cluster and not to the one that fits it next best.</summary>
/// <param name="Cluster">Place of its cluster.</param>
/// <param name="RunnerUp">Place of the next best; −1: there is no other.</param>
/// <param name="Fit">s(x) of its cluster.</param>
/// <param name="Lead">That less s(x) of the next best: <paramref name="Constant"/> and the sum of <paramref name="Against"/>; NaN: there is no other.</param>
/// <param name="Constant">What does not depend on the row; 0 without another.</param>
/// <param name="Parts">What each column takes from the fit of its own cluster: constant − their sum = s(x).</param>
/// <param name="Against">What each column adds to the lead; below 0 where it speaks for the next best.</param>
/// <param name="Boundaries">
/// The value of each column at which the row, all else being as it is, comes to the next best cluster; the nearer one of two. NaN: no value does, or a third
/// cluster has the row there.
/// </param>
public sealed record RowExplanation(
    int Cluster, int RunnerUp, double Fit, double Lead, double Constant, ImmutableArray<double> Parts, ImmutableArray<double> Against,
    ImmutableArray<double> Boundaries);
