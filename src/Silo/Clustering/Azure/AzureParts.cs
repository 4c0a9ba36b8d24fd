using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using Orleans.Clustering.AzureStorage;
using Orleans.Configuration;
using Orleans.Reminders.AzureStorage;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Azure tables for membership and reminders, Azure Blob Storage for state and blobs.</summary>
internal static class AzureParts
{
    public static void UseProviders(ISiloBuilder silo, string connection)
    {
        silo.UseAzureStorageClustering((AzureStorageClusteringOptions options) => options.TableServiceClient = new TableServiceClient(connection));
        silo.AddAzureBlobGrainStorage(StorageNames.Grains, (OptionsBuilder<AzureBlobStorageOptions> builder) => builder.Configure<IServiceProvider>((options, services) =>
        {
            options.BlobServiceClient = new BlobServiceClient(connection);
            options.ContainerName = "clusterstate";
            options.GrainStorageSerializer = ProviderParts.Serializer(services);
        }));
        silo.UseAzureTableReminderService((AzureTableReminderStorageOptions options) => options.TableServiceClient = new TableServiceClient(connection));
    }

    public static void UseGateways(IClientBuilder client, string connection) =>
        client.UseAzureStorageClustering((AzureStorageGatewayOptions options) => options.TableServiceClient = new TableServiceClient(connection));

    public static Datasets.IBlobStore OpenBlobs(ClusterSettings settings) =>
        new AzureBlobStore(new BlobContainerClient(settings.BlobConnection, "clusterblobs"), new LocalBlobCache(settings.Cache, settings.CacheBytes));
}
