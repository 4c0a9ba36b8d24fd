using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Runtime.Hosting;

/// <summary>Storage of one's own.</summary>
public static class StorageProviderExtensions
{
    /// <summary>Adds a storage under a name; the name "Default" serves state that names none.</summary>
    /// <param name="collection">The host's services.</param>
    /// <param name="name">The name that [PersistentState] gives.</param>
    /// <param name="implementationFactory">Makes it, given the services and the name.</param>
    public static IServiceCollection AddGrainStorage<T>(this IServiceCollection collection, string name, Func<IServiceProvider, string, T> implementationFactory)
        where T : IGrainStorage =>
        collection.AddKeyedSingleton<IGrainStorage>(name, (services, key) => implementationFactory(services, (string)key!));
}
