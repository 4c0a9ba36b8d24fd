using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Storage;
using OrleansCluster.Datasets;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>
/// State and blobs of a home that several clusters use at once, each of which has an activation of its own of every grain: what a real cluster can have for a
/// moment when its directory is in doubt.
/// </summary>
internal sealed class SharedStores(string home)
{
    private readonly StateFiles _files = new(new HomeLayout(home).Grains);
    private readonly FileBlobStore _blobs = new(new HomeLayout(home).Blobs);

    /// <summary>Puts them in the place of a cluster's own.</summary>
    public void Use(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton<IBlobStore>(_blobs));
        services.Remove(services.Single(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, StorageNames.Grains)));
        services.AddKeyedSingleton<IGrainStorage>(StorageNames.Grains, (provider, _) => new FileGrainStorage(_files, StateEncoding.Of(provider)));
    }
}
