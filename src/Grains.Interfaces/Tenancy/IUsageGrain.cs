using System.Collections.Immutable;

namespace OrleansCluster.Tenancy;

/// <summary>What a tenant used in one month, by day; key: <see cref="UsageDays.KeyOf"/>.</summary>
[Alias("oc.IUsageGrain")]
public interface IUsageGrain : IGrainWithStringKey
{
    /// <summary>Adds what a silo counted. Told again as it is, it counts once.</summary>
    /// <exception cref="ClusteringException">It is of another month.</exception>
    [Alias("Add")]
    Task Add(UsagePart part, CancellationToken cancellation = default);

    /// <summary>Notes how many bytes the tenant's datasets take now: of each day the most that was measured counts.</summary>
    /// <param name="day">The day (UTC), as <c>2026-11-29</c>.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    [Alias("Measure")]
    Task Measure(string day, CancellationToken cancellation = default);

    /// <summary>The days on which something was used or measured, in their order.</summary>
    [Alias("Days")]
    Task<ImmutableArray<UsageDay>> Days(CancellationToken cancellation = default);
}

/// <summary>What a silo counted since it was last told.</summary>
[GenerateSerializer, Immutable, Alias("oc.UsagePart")]
public sealed record UsagePart
{
    /// <summary>The silo, by its address, which no other process ever has.</summary>
    [Id(0)] public required string Teller { get; init; }

    /// <summary>How many parts it has told before: a part that is told again has the same number.</summary>
    [Id(1)] public required long Number { get; init; }

    /// <summary>The day (UTC), as <c>2026-11-29</c>.</summary>
    [Id(2)] public required string Day { get; init; }

    [Id(3)] public required ImmutableArray<ModelUsage> Models { get; init; }
}

/// <summary>What was used on a day.</summary>
[GenerateSerializer, Immutable, Alias("oc.UsageDay")]
public sealed record UsageDay
{
    /// <summary>The day (UTC), as <c>2026-11-29</c>.</summary>
    [Id(0)] public required string Day { get; init; }

    /// <summary>Bytes of the tenant's datasets, what several versions share once; null: nobody looked.</summary>
    [Id(1)] public long? StoredBytes { get; init; }

    /// <summary>By name of the model.</summary>
    [Id(2)] public ImmutableArray<ModelUsage> Models { get; init; } = [];
}

/// <summary>What a model used.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelUsage")]
public sealed record ModelUsage
{
    /// <summary>The model of those that are not told apart, because a day has too many: no name begins so.</summary>
    public const string Others = "-";

    /// <summary>Its name; empty: work for the tenant that is no one model's, as importing is; <see cref="Others"/>.</summary>
    [Id(0)] public required string Model { get; init; }

    /// <summary>How long threads of the pool worked on its trainings.</summary>
    [Id(1)] public TimeSpan Training { get; init; }

    /// <summary>How long they worked on questions to it.</summary>
    [Id(2)] public TimeSpan Serving { get; init; }

    /// <summary>Questions that were answered.</summary>
    [Id(3)] public long Requests { get; init; }

    /// <summary>Rows of the answers.</summary>
    [Id(4)] public long Rows { get; init; }

    /// <summary>Both together.</summary>
    public ModelUsage Plus(ModelUsage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with
        {
            Training = Training + other.Training,
            Serving = Serving + other.Serving,
            Requests = Requests + other.Requests,
            Rows = Rows + other.Rows,
        };
    }
}

/// <summary>What a tenant used over several days.</summary>
[GenerateSerializer, Immutable, Alias("oc.UsageReport")]
public sealed record UsageReport
{
    [Id(0)] public required string Tenant { get; init; }

    /// <summary>The first and the last day (UTC), as <c>2026-11-29</c>.</summary>
    [Id(1)] public required string Since { get; init; }

    [Id(2)] public required string Until { get; init; }

    /// <summary>
    /// The days on which something was used or stored, in their order; stored bytes of a day on which nobody looked are those of the day before.
    /// </summary>
    [Id(3)] public required ImmutableArray<UsageDay> Days { get; init; }
}
