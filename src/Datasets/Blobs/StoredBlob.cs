namespace OrleansCluster.Datasets;

/// <summary>A blob as a store has it.</summary>
/// <param name="Hash">Its content hash.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Touched">When it was last written or touched (<see cref="IBlobStore.TouchAsync"/>), by the store's clock.</param>
public readonly record struct StoredBlob(string Hash, long Bytes, DateTimeOffset Touched);
