namespace OrleansCluster.Datasets;

/// <summary>What is known of one column over some rows.</summary>
/// <param name="Minimum">Least value of those that are there; 0 where none is.</param>
/// <param name="Maximum">Greatest value.</param>
/// <param name="Sum">Plain sum over rows, compensated: right to a unit or so in the last place.</param>
/// <param name="Missing">How many values are missing.</param>
public readonly record struct ColumnSummary(double Minimum, double Maximum, double Sum, long Missing = 0);
