namespace OrleansCluster.Bench.Engine;

internal static partial class EngineHost
{
    public const string Name = "in-process engine";

    private static void Configure(ISiloBuilder silo) => silo.AddMemoryGrainStorageAsDefault();
}
