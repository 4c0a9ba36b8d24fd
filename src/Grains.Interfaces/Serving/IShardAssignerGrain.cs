namespace OrleansCluster.Serving;

/// <summary>
/// Assigns the rows of one shard under one model, on the silo that would train on it; key: <c>tenant/model/dataset/version/shard</c>. Asked by assigners
/// (<see cref="IAssignerGrain.AssignShard"/>). It keeps the shard open until the answer that has no rows any more.
/// </summary>
[Alias("oc.IShardAssignerGrain")]
public interface IShardAssignerGrain : IGrainWithStringKey
{
    /// <summary>Assigns rows from a given one on, as many as fit one call.</summary>
    /// <exception cref="ClusteringException">No such model or version, no such rows of this tenant, the columns do not fit, or the shard cannot be
    /// read.</exception>
    [Alias("Assign")]
    Task<Assignments> Assign(ShardRows rows, CancellationToken cancellation = default);
}
