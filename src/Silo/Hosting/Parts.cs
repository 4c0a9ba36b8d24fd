using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Persistence;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansCluster.Training;

namespace OrleansCluster.Silo;

/// <summary>
/// The assemblies that Orleans looks into for grains and for what travels. They are named here: it would else find what happens to be loaded, and a generated
/// list of all there are would have every command load every provider.
/// </summary>
internal static class Parts
{
    /// <summary>What a silo hosts.</summary>
    public static IServiceCollection AddGrainParts(this IServiceCollection services) =>
        services.AddParts(typeof(TrainingServices), typeof(ITrainingGrain), typeof(IReminderTable));

    /// <summary>What a client calls.</summary>
    public static IServiceCollection AddInterfaceParts(this IServiceCollection services) => services.AddParts(typeof(ITrainingGrain));

    /// <summary>
    /// What providers send over the wire, which is their exceptions: for processes of a cluster. Those of the libraries below them travel within: one that
    /// could not would take the place of the failure that it explains, which a job waits out and goes on.
    /// </summary>
    public static IServiceCollection AddProviderParts(this IServiceCollection services) => services
        .Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.UnionWith([nameof(Npgsql), nameof(StackExchange)]))
        .AddParts(typeof(RedisGrainStorage), typeof(RedisReminderTableOptions), typeof(AzureTableGrainStorage), typeof(MemoryGrainStorage));

    private static IServiceCollection AddParts(this IServiceCollection services, params Type[] parts) => services.AddSerializer(codecs =>
    {
        foreach (Type part in parts)
            codecs.AddAssembly(part.Assembly);
    });
}
