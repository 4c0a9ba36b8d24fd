namespace OrleansCluster.Families;

/// <summary>What a training needs besides its rows, for a plan: bytes at most, work as an iteration that spares nothing does it.</summary>
public sealed record TrainingNeeds
{
    /// <summary>Bytes that are kept for each row.</summary>
    public required double RowBytes { get; init; }

    /// <summary>Bytes that are kept for each shard.</summary>
    public required double ShardBytes { get; init; }

    /// <summary>Scratch of each thread.</summary>
    public required double ThreadBytes { get; init; }

    /// <summary>What every silo is told in an iteration.</summary>
    public required double StepBytes { get; init; }

    /// <summary>What a shard answers.</summary>
    public required double StatisticBytes { get; init; }

    /// <summary>Multiply-adds for a row in an iteration.</summary>
    public required double RowWork { get; init; }

    /// <summary>Multiply-adds of an iteration that do not depend on how many rows there are, by one thread.</summary>
    public double StepWork { get; init; }

    /// <summary>What all threads of a silo use together, besides steps.</summary>
    public double SharedBytes { get; init; }

    /// <summary>Multiply-adds a second that one thread of an ordinary machine does of these; stated, not measured.</summary>
    public required double Rate { get; init; }

    /// <summary>Passes over the rows that a start takes before its iterations.</summary>
    public required int StartPasses { get; init; }
}
