using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using Orleans.Clustering.AzureStorage;
using Orleans.Configuration;
using Orleans.Reminders.AzureStorage;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Azure tables for membership and reminders, whose rows bear the cluster's name, and two containers of its own for state and blobs.</summary>
internal static class AzureParts
{
    public static void UseProviders(ISiloBuilder silo, ClusterSettings settings)
    {
        var account = new AzureAccount(settings.Connection);
        TableServiceClient tables = account.Tables();
        silo.UseAzureStorageClustering((AzureStorageClusteringOptions options) => options.TableServiceClient = tables);
        silo.AddAzureBlobGrainStorage(StorageNames.Grains,
            (OptionsBuilder<AzureBlobStorageOptions> builder) => builder.Configure<IServiceProvider>((options, services) =>
        {
            options.BlobServiceClient = account.State();
            options.ContainerName = settings.Name + "-state";
            options.GrainStorageSerializer = StateEncoding.Wire(services);
        }));
        silo.UseAzureTableReminderService((AzureTableReminderStorageOptions options) => options.TableServiceClient = tables);
    }

    public static void UseGateways(IClientBuilder client, string connection)
    {
        TableServiceClient tables = new AzureAccount(connection).Tables();
        client.UseAzureStorageClustering((AzureStorageGatewayOptions options) => options.TableServiceClient = tables);
    }

    /// <exception cref="ClusteringException">The account does not answer; the message names the setting.</exception>
    public static async Task<AzureBlobStore> OpenBlobs(ClusterSettings settings, CancellationToken cancellation)
    {
        try
        {
            BlobContainerClient container = new AzureAccount(settings.BlobConnection).Content().GetBlobContainerClient(settings.Name + "-blobs");
            await container.CreateIfNotExistsAsync(cancellationToken: cancellation).ConfigureAwait(false);
            return new AzureBlobStore(container, new LocalBlobCache(settings.Cache, settings.CacheBytes));
        }
        catch (Exception e) when (e is FormatException or ArgumentException || AzureAccount.IsAway(e, cancellation))
        {
            throw Unusable("that the setting Cluster:BlobConnection names", e);
        }
    }

    /// <summary>Looks whether an account answers.</summary>
    /// <exception cref="ClusteringException">It does not.</exception>
    public static async Task Check(string connection, string named, CancellationToken cancellation)
    {
        try
        {
            await foreach (var _ in new AzureAccount(connection).Tables().QueryAsync(maxPerPage: 1, cancellationToken: cancellation).ConfigureAwait(false))
                break;
        }
        catch (Exception e) when (e is FormatException or ArgumentException || AzureAccount.IsAway(e, cancellation))
        {
            throw Unusable(named, e);
        }
    }

    private static ClusteringException Unusable(string named, Exception e) => new($"The storage account {named} cannot be used: {AzureAccount.Reason(e)}.", e);
}
