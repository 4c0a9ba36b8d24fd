using System.Reflection;
using Orleans.Statistics;
using OrleansCluster.Compute;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Silos;

/// <inheritdoc cref="ISiloGrain"/>
public sealed class SiloGrain(ILocalSiloDetails silo, IEnvironmentStatisticsProvider environment, ICompute compute) : Grain, ISiloGrain
{
    private const string Suffix = "Grain";

    private static readonly string Version =
        typeof(SiloGrain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public async Task<SiloReport> Tell(CancellationToken cancellation = default)
    {
        // One of its own, so that a silo that hangs keeps nobody waiting but who asks about it.
        IManagementGrain management = GrainFactory.GetGrain<IManagementGrain>(silo.SiloAddress.GetConsistentHashCode());
        SimpleGrainStatistic[] kinds = await management.GetSimpleGrainStatistics([silo.SiloAddress], cancellation);
        string[] partitions = [.. kinds.Select(kind => kind.GrainType).Where(kind => KindOf(kind) == KindOf(nameof(PartitionGrain))).Distinct()];
        DetailedGrainStatistic[] held = partitions.Length == 0 ? []
            : await management.GetDetailedGrainStatistics(partitions, [silo.SiloAddress], cancellation);
        EnvironmentStatistics now = environment.GetEnvironmentStatistics();
        return new SiloReport
        {
            Address = silo.SiloAddress.ToParsableString(),
            Version = Version,
            Cpu = now.FilteredCpuUsagePercentage / 100,
            MemoryBytes = Environment.WorkingSet,
            MemoryLimit = TrainingPlan.Limit,
            Threads = compute.Workers,
            Grains =
            [
                .. kinds.GroupBy(kind => KindOf(kind.GrainType))
                    .Select(same => new GrainCount { Kind = same.Key, Count = same.Sum(kind => (long)kind.ActivationCount) })
                    .OrderByDescending(kind => kind.Count).ThenBy(kind => kind.Kind, StringComparer.Ordinal),
            ],
            Shards =
            [
                .. held.Select(grain => GrainKeys.ParsePartition(grain.GrainId.Key.ToString()!)).GroupBy(one => (one.Tenant, one.Job))
                    .OrderBy(job => job.Key.Tenant, StringComparer.Ordinal).ThenBy(job => job.Key.Job, StringComparer.Ordinal)
                    .Select(job => new HeldShards
                    {
                        Tenant = job.Key.Tenant,
                        Job = job.Key.Job,
                        Count = job.Count(),
                        First = job.Min(one => one.Shard),
                        Last = job.Max(one => one.Shard),
                    }),
            ],
        };
    }

    /// <summary>What a class of grains is called: <c>model</c> of <c>OrleansCluster.Models.ModelGrain,OrleansCluster.Grains</c>.</summary>
    private static string KindOf(string type)
    {
        string name = type.Split(',')[0];
        name = name[(name.LastIndexOfAny(['.', '+']) + 1)..];
        name = name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
        return name.ToLowerInvariant();
    }
}
