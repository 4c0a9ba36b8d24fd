namespace OrleansCluster.Client.Storage;

/// <summary>What a part of a backup holds. Numbers are in files: they never change.</summary>
internal enum BackupPart : byte
{
    /// <summary>What the backup is of, and when it was made; first.</summary>
    Head = 1,

    /// <summary>A blob; its name is its content hash.</summary>
    Blob = 2,

    /// <summary>A dataset, <c>tenant/name</c>, behind all blobs that it names. So are the others.</summary>
    Dataset = 3,

    Model = 4,

    /// <summary>What was observed under a model.</summary>
    Windows = 5,

    Job = 6,

    /// <summary>A tenant and its keys.</summary>
    Tenant = 7,

    /// <summary>The number of parts before it; last.</summary>
    End = 8,

    /// <summary>The plan by which a model is retrained.</summary>
    Retraining = 9,

    /// <summary>The rules of a tenant's alerts.</summary>
    Alerts = 10,
}
