using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Families;

/// <summary>Something that partitions compute and reducers merge: the steps of a family's trainings, or a pass over the rows that all families share.</summary>
public interface IPass
{
    /// <summary>The kinds of statistics that its steps have.</summary>
    StatisticKinds Statistics => StatisticKinds.Shared;

    /// <summary>A worker over one shard.</summary>
    IShardWorker CreateWorker(RowBlock rows);

    /// <summary>A worker over one shard of sparse rows.</summary>
    /// <exception cref="ClusteringException">It needs dense ones.</exception>
    IShardWorker CreateWorker(SparseBlock rows) =>
        throw new ClusteringException("The rows are stored sparse, and this needs dense ones: import them with --dense.");
}
