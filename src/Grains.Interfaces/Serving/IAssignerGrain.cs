using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Serving;

/// <summary>
/// Answers which cluster rows belong to; key: <c>tenant/model</c>. Stateless: there may be several on every silo, which share the prepared parameters.
/// </summary>
[Alias("oc.IAssignerGrain")]
public interface IAssignerGrain : IGrainWithStringKey
{
    /// <summary>Assigns rows under a version, or under the newest when 0.</summary>
    /// <exception cref="ClusteringException">No such model or version, or the rows do not fit it.</exception>
    [Alias("Assign"), Audited("model.assign", Counted = true)]
    Task<Assignments> Assign(int version, RowsPayload rows, CancellationToken cancellation = default);

    /// <summary>Assigns rows of one shard of a dataset version, from a given row on, as many as fit one call.</summary>
    /// <exception cref="ClusteringException">No such model or version, no such rows of this tenant, the columns do not fit, or the shard cannot be
    /// read.</exception>
    [Alias("AssignShard"), AlwaysInterleave, Audited("model.assign-dataset", Counted = true, Tells = "rows")]
    Task<Assignments> AssignShard(ShardRows rows, CancellationToken cancellation = default);

    /// <summary>Log-densities and responsibilities of rows under a model that has densities.</summary>
    /// <exception cref="ClusteringException">No such model or version, it has no densities, or the rows do not fit it.</exception>
    [Alias("Score"), Audited("model.score", Counted = true)]
    Task<Scores> Score(ScoreQuery query, CancellationToken cancellation = default);

    /// <summary>Why rows belong to their clusters.</summary>
    /// <exception cref="ClusteringException">No such model or version, it cannot be explained, the rows do not fit it, or they are too many for a
    /// call.</exception>
    [Alias("Explain"), Audited("model.explain", Counted = true)]
    Task<Explanations> Explain(ExplainQuery query, CancellationToken cancellation = default);

    /// <summary>Rows drawn from a model that has samples.</summary>
    /// <exception cref="ClusteringException">No such model, version or component, it has no densities, or the rows are more than a call can carry.</exception>
    [Alias("Sample"), Audited("model.sample", Counted = true)]
    Task<Samples> Sample(SampleQuery query, CancellationToken cancellation = default);

    /// <summary>How far one version's density is from another's, estimated over as many of the wanted rows as fit one call.</summary>
    /// <exception cref="ClusteringException">No such model or version, or one of them has no densities.</exception>
    [Alias("Diverge")]
    Task<DivergenceEstimate> Diverge(DivergenceQuery query, CancellationToken cancellation = default);
}

/// <summary>Rows of a shard that are to be assigned.</summary>
[GenerateSerializer, Immutable, Alias("oc.ShardRows")]
public sealed record ShardRows
{
    /// <summary>Version of the model; 0 is the newest.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>The dataset, of the same tenant.</summary>
    [Id(1)] public required string Dataset { get; init; }

    [Id(2)] public required int Shard { get; init; }

    /// <summary>First row wanted, counted inside the shard. Past the last: the answer is empty.</summary>
    [Id(3)] public required int FirstRow { get; init; }

    /// <summary>Positions in the dataset of the model's columns, in the model's order; empty: they are the dataset's columns in their order.</summary>
    [Id(4)] public ImmutableArray<int> Columns { get; init; } = [];

    [Id(5)] public required int DatasetVersion { get; init; }

    /// <summary>How many shards the version has: where this one belongs follows from it.</summary>
    [Id(6)] public required int Shards { get; init; }
}
