using System.Collections.Immutable;

namespace OrleansCluster.Tenancy;

/// <inheritdoc cref="IUsageGrain"/>
public sealed class UsageGrain([PersistentState("usage", StorageNames.Grains)] IPersistentState<UsageState> state) : Grain, IUsageGrain
{
    /// <summary>Models of a day that are told apart, and silos whose last part is known: what bounds the state.</summary>
    internal const int MostModels = 500, MostTellers = 100;

    private string Tenant => GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant;

    public async Task Add(UsagePart part, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(part);
        Check(part.Day);
        ImmutableArray<UsageTeller> tellers = state.State.Tellers;
        if (tellers.FirstOrDefault(known => known.Teller == part.Teller)?.Number >= part.Number)
            return;
        tellers = [.. tellers.RemoveAll(known => known.Teller == part.Teller).Add(new UsageTeller { Teller = part.Teller, Number = part.Number })
            .TakeLast(MostTellers)];
        UsageDay day = Find(part.Day);
        if (day.StoredBytes is null)
            day = day with { StoredBytes = await Stored(cancellation) };
        await Keep(day with { Models = Merge(day.Models, part.Models) }, tellers);
    }

    public async Task Measure(string day, CancellationToken cancellation = default)
    {
        Check(day);
        UsageDay before = Find(day);
        long stored = await Stored(cancellation);
        if (!(before.StoredBytes >= stored))
            await Keep(before with { StoredBytes = stored }, state.State.Tellers);
    }

    public Task<ImmutableArray<UsageDay>> Days(CancellationToken cancellation = default) => Task.FromResult(state.State.Days);

    private static ImmutableArray<ModelUsage> Merge(ImmutableArray<ModelUsage> before, ImmutableArray<ModelUsage> more)
    {
        var models = new SortedDictionary<string, ModelUsage>(StringComparer.Ordinal);
        foreach (ModelUsage one in before.Concat(more))
        {
            string name = models.ContainsKey(one.Model) || models.Count < MostModels ? one.Model : ModelUsage.Others;
            models[name] = models.TryGetValue(name, out ModelUsage? its) ? its.Plus(one) : one with { Model = name };
        }

        return [.. models.Values];
    }

    private Task<long> Stored(CancellationToken cancellation) =>
        GrainFactory.GetGrain<IQuotaGrain>(GrainKeys.For(Tenant, IQuotaGrain.Name)).StoredBytes(cancellation);

    private UsageDay Find(string day) => state.State.Days.FirstOrDefault(known => known.Day == day) ?? new UsageDay { Day = day };

    private Task Keep(UsageDay day, ImmutableArray<UsageTeller> tellers) => this.Write(state, new UsageState
    {
        Days = [.. state.State.Days.Where(known => known.Day != day.Day).Append(day).OrderBy(known => known.Day, StringComparer.Ordinal)],
        Tellers = tellers,
    });

    private void Check(string day)
    {
        if (!UsageDays.TryRead(day, out DateOnly read) || UsageDays.KeyOf(Tenant, read) != this.GetPrimaryKeyString())
            throw new ClusteringException($"'{day}' is no day of the month that this usage is of.");
    }
}

/// <summary>What was used in a month.</summary>
[GenerateSerializer, Immutable, Alias("oc.UsageState")]
public sealed record UsageState
{
    [Id(0)] public ImmutableArray<UsageDay> Days { get; init; } = [];

    /// <summary>Who told something, the latest last.</summary>
    [Id(1)] public ImmutableArray<UsageTeller> Tellers { get; init; } = [];
}

/// <summary>A silo that told something.</summary>
[GenerateSerializer, Immutable, Alias("oc.UsageTeller")]
public sealed record UsageTeller
{
    [Id(0)] public required string Teller { get; init; }

    /// <summary>Number of the last part.</summary>
    [Id(1)] public required long Number { get; init; }
}
