using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;

/// <summary>What a coordinator uses of its silo.</summary>
public sealed class TrainingServices(
    ICompute compute, IBlobStore blobs, ManifestCache manifests, ShardCache shards, StepCache steps, LocalStatistics statistics, FamilyRegistry families,
        TimeProvider time, UsageMeter usage,
    ISiloList silos, IOptions<TrainingOptions> options, ILogger<TrainingGrain> log)
{
    public ICompute Compute { get; } = compute;

    public IBlobStore Blobs { get; } = blobs;

    public ManifestCache Manifests { get; } = manifests;

    public ShardCache Shards { get; } = shards;

    public StepCache Steps { get; } = steps;

    public LocalStatistics Statistics { get; } = statistics;

    public FamilyRegistry Families { get; } = families;

    public TimeProvider Time { get; } = time;

    /// <summary>What the steps of a job are counted for.</summary>
    public ComputeAccount AccountOf(JobShards job) => AccountOf(job.Tenant, job.Model);

    /// <summary>What the trainings of a model are counted for.</summary>
    public ComputeAccount AccountOf(string tenant, string model) => usage.Of(tenant, model).Training;

    public ISiloList Silos { get; } = silos;

    public TrainingOptions Options { get; } = options.Value;

    public ILogger Log { get; } = log;

    /// <summary>Whether a job was ever driven on this silo.</summary>
    public bool HasDriven { get; set; }

    /// <summary>Why jobs were interrupted on this silo, by grain key: what a full disk kept from being written down can at least be asked for.</summary>
    public ConcurrentDictionary<string, string> Interruptions { get; } = new(StringComparer.Ordinal);
}
