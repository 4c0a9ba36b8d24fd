namespace OrleansCluster.Bench.Engine;

internal static partial class EngineHost
{
    public const string Name = "Orleans, one silo";

    private static void Configure(ISiloBuilder silo) => silo.UseLocalhostClustering().AddMemoryGrainStorageAsDefault();
}
