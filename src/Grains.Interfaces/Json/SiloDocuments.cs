using OrleansCluster.Contracts.Api;
using OrleansCluster.Silos;

namespace OrleansCluster.Json;

/// <summary>The silos of a cluster as JSON.</summary>
public static class SiloDocuments
{
    /// <summary>The silos.</summary>
    public static SilosDocument Of(ClusterReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new SilosDocument { Time = report.Time, Silos = [.. report.Silos.Select(Of)] };
    }

    private static SiloDocument Of(SiloReport silo) => new()
    {
        Address = silo.Address,
        Name = silo.Name,
        Host = silo.Host,
        Status = silo.Status,
        Version = silo.Version.Length > 0 ? silo.Version : null,
        Started = silo.Started,
        Seen = silo.Seen,
        Cpu = double.IsNaN(silo.Cpu) ? null : silo.Cpu,
        MemoryBytes = silo.MemoryBytes,
        MemoryLimitBytes = silo.MemoryLimit,
        Threads = silo.Threads,
        Grains = [.. silo.Grains.Select(kind => new GrainCountDocument { Kind = kind.Kind, Count = kind.Count })],
        Shards =
        [
            .. silo.Shards.Select(held => new HeldShardsDocument
            {
                Tenant = held.Tenant, Job = held.Job, Count = held.Count, First = held.First, Last = held.Last,
            }),
        ],
        Trouble = silo.Trouble.Length > 0 ? silo.Trouble : null,
    };
}
