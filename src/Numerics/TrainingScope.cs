namespace OrleansCluster.Numerics;

/// <summary>How far a warning or a failure reaches. Values are part of the format.</summary>
public enum TrainingScope : byte
{
    /// <summary>One restart: another may do better.</summary>
    Restart = 1,

    /// <summary>One number of clusters: another may do better.</summary>
    Clusters = 2,

    /// <summary>A number of clusters and all greater ones.</summary>
    MoreClusters = 3,

    /// <summary>Whatever is trained on these rows.</summary>
    Rows = 4,
}
