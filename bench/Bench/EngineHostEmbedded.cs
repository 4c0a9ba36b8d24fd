using Orleans.Hosting;

namespace OrleansCluster.Bench;

/// <summary>Where the engine's grains run.</summary>
internal static class EngineHost
{
    public const string Name = "in-process engine";

    public static void Configure(ISiloBuilder silo) => silo.AddMemoryGrainStorageAsDefault();
}
