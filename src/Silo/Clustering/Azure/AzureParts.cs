using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Azure tables for membership and reminders, Azure Blob Storage for state and blobs.</summary>
internal static class AzureParts
{
    public static void UseProviders(ISiloBuilder silo, string connection)
    {
        silo.UseAzureStorageClustering((AzureStorageClusteringOptions options) => options.ConfigureTableServiceClient(connection));
        silo.AddAzureBlobGrainStorage(StorageNames.Grains, (OptionsBuilder<AzureBlobStorageOptions> builder) => builder.Configure<IServiceProvider>((options, services) =>
        {
            options.ConfigureBlobServiceClient(connection);
            options.ContainerName = "clusterstate";
            options.GrainStorageSerializer = ProviderParts.Serializer(services);
        }));
        silo.UseAzureTableReminderService((AzureTableReminderStorageOptions options) => options.ConfigureTableServiceClient(connection));
    }

    public static void UseGateways(IClientBuilder client, string connection) =>
        client.UseAzureStorageClustering((AzureStorageGatewayOptions options) => options.ConfigureTableServiceClient(connection));

    public static Datasets.IBlobStore OpenBlobs(ClusterSettings settings) =>
        new AzureBlobStore(new BlobContainerClient(settings.BlobConnection, "clusterblobs"), new LocalBlobCache(settings.Cache, settings.CacheBytes));
}
