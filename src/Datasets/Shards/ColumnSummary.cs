namespace OrleansCluster.Datasets;

/// <summary>What is known of one column over some rows.</summary>
/// <param name="Minimum">Least value.</param>
/// <param name="Maximum">Greatest value.</param>
/// <param name="Sum">Plain sum over rows, compensated: right to a unit or so in the last place.</param>
public readonly record struct ColumnSummary(double Minimum, double Maximum, double Sum);
