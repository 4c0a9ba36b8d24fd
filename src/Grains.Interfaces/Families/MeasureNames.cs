namespace OrleansCluster.Families;

/// <summary>Names of measures that mean the same in every family that has them.</summary>
public static class MeasureNames
{
    /// <summary>Rows of this log-density or a lower one are anomalies; −∞: none.</summary>
    public const string Threshold = "threshold";
}
