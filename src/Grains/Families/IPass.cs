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
}
