using Orleans.Hosting;

namespace OrleansCluster.Bench;

/// <summary>Where the engine's grains run.</summary>
internal static class EngineHost
{
    public const string Name = "Orleans, one silo";

    public static void Configure(ISiloBuilder silo) => silo.UseLocalhostClustering().AddMemoryGrainStorageAsDefault();
}
