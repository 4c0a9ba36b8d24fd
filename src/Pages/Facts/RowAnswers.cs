using System.Collections.Immutable;

namespace OrleansCluster.Pages.Facts;

/// <summary>What a model said of some rows.</summary>
/// <param name="Version">Which version; 0: several did, as a route has it.</param>
/// <param name="HasDensities">Whether it tells how probable rows are.</param>
/// <param name="IsCut">Whether there were more rows.</param>
public sealed record RowAnswers(int Version, bool HasDensities, bool IsCut, IReadOnlyList<AnsweredRow> Rows);

/// <summary>What a model said of a row.</summary>
/// <param name="RunnerUp">The next best cluster; −1: there is none.</param>
/// <param name="Reasons">Columns that speak most for the cluster: name, value, and the value that would change it, or nothing.</param>
public sealed record AnsweredRow(
    string Id, int Cluster, double Distance, double LogDensity, double Responsibility, bool IsAnomaly, int RunnerUp,
    ImmutableArray<(string Column, string Value, string Boundary)> Reasons);
