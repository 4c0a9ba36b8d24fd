namespace OrleansCluster.Numerics.Monitoring;

/// <summary>How far the mean of a cluster's rows is from the reference's.</summary>
/// <param name="RowsBefore">Its rows in the reference.</param>
/// <param name="Rows">Its rows now.</param>
/// <param name="Shifts">Of each column, in standard deviations that it has within the cluster; NaN: not known.</param>
/// <param name="Column">The column whose shift is the least probable; −1: none is known.</param>
/// <param name="Size">Absolute shift of that.</param>
/// <param name="Chance">Its probability by chance, times the number of columns: 0 … 1.</param>
/// <param name="IsJudged">Whether there are rows enough.</param>
/// <param name="IsDrifted">Whether a column's shift is drift by the rules.</param>
public sealed record ClusterShift(long RowsBefore, long Rows, double[] Shifts, int Column, double Size, double Chance, bool IsJudged, bool IsDrifted)
{
    /// <summary>Compares a cluster.</summary>
    /// <param name="cluster">Its place in the parameters.</param>
    /// <param name="reference">The training rows.</param>
    /// <param name="before">Other rows that are the reference; null: the training rows are.</param>
    /// <param name="now">The rows that are compared.</param>
    /// <param name="rules">What is drift.</param>
    /// <param name="tests">How many comparisons the report makes; all clusters together are one of them.</param>
    public static ClusterShift Of(int cluster, FitReference reference, FixedSums? before, FixedSums now, DriftRules rules, int tests)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(rules);
        long rowsBefore = before?.Rows(cluster) ?? reference.Rows(cluster), rows = now.Rows(cluster);
        var shifts = new double[reference.Columns];
        (int column, double size, double chance, bool drifted) = (-1, double.NaN, double.NaN, false);
        bool judged = Math.Min(rowsBefore, rows) >= rules.ClusterRows;
        for (int j = 0; j < shifts.Length; j++)
        {
            double mean = before?.Mean(cluster, j) ?? reference.Offset(cluster, j);
            MeanShift shift = reference.Unit(cluster, j) > 0
                ? MeanShift.Of(rowsBefore, mean, rows, now.Mean(cluster, j), reference.Skew(cluster, j))
                : new MeanShift(rowsBefore, rows, double.NaN, double.NaN);
            shifts[j] = shift.Size;
            if (shift.Chance < chance || (column < 0 && !double.IsNaN(shift.Chance)))
                (column, size, chance) = (j, Math.Abs(shift.Size), shift.Chance);
            drifted |= judged && Math.Abs(shift.Size) >= rules.ClusterShift
                && shift.Chance * reference.K * shifts.Length * tests < rules.Alpha;
        }

        return new ClusterShift(rowsBefore, rows, shifts, column, size, Math.Min(1, chance * shifts.Length), judged, drifted);
    }
}
