namespace OrleansCluster;

/// <summary>Names under which hosts register what grains keep their state in.</summary>
public static class StorageNames
{
    /// <summary>The storage of every grain's state.</summary>
    public const string Grains = "cluster";
}
