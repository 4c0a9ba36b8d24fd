using System.Collections.Immutable;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Retraining;

/// <summary>How many retrainings of a tenant begin by themselves in a day, of all its models together; key: <c>tenant/retraining</c>.</summary>
[Alias("oc.IRetrainingBudgetGrain")]
public interface IRetrainingBudgetGrain : IGrainWithStringKey
{
    /// <summary>What is left, and who took the rest.</summary>
    [Alias("Budget")]
    Task<RetrainingBudget> Budget(CancellationToken cancellation = default);

    /// <summary>Sets the most that begin within 24 hours; 0: as many as the models' plans say.</summary>
    /// <exception cref="ClusteringException">It is below 0.</exception>
    [Alias("Limit"), Audited("retraining.limit", Tells = "mostADay")]
    Task<RetrainingBudget> Limit(int mostADay, CancellationToken cancellation = default);

    /// <summary>Takes one for a run; taking it again takes nothing.</summary>
    /// <returns>Whether there was one.</returns>
    [Alias("Take")]
    Task<bool> Take(string job, CancellationToken cancellation = default);
}

/// <summary>What a tenant may still retrain by itself today.</summary>
[GenerateSerializer, Immutable, Alias("oc.RetrainingBudget")]
public sealed record RetrainingBudget
{
    /// <summary>The name that the grain's key ends with.</summary>
    public const string Key = "retraining";

    /// <summary>Most within 24 hours; 0: as many as the models' plans say.</summary>
    [Id(0)] public int MostADay { get; init; }

    /// <summary>Those that began within the last 24 hours, the oldest first.</summary>
    [Id(1)] public ImmutableArray<RetrainingTaken> Taken { get; init; } = [];
}

/// <summary>A run that was counted.</summary>
[GenerateSerializer, Immutable, Alias("oc.RetrainingTaken")]
public sealed record RetrainingTaken
{
    [Id(0)] public required string Job { get; init; }

    [Id(1)] public required DateTimeOffset At { get; init; }
}
