using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime.Hosting;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Silo.News;
using OrleansCluster.Silo.Storage;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Silo;

/// <summary>What grains need of a silo, whatever hosts it.</summary>
public static class ClusterServices
{
    /// <summary>Registers it, with state and blobs in a home folder.</summary>
    /// <param name="services">The silo's services; what is there already is kept.</param>
    /// <param name="home">The home folder.</param>
    /// <param name="threads">Threads that compute; 0: one per core.</param>
    /// <param name="files">The files of state that several silos of this process share; null: this silo's alone.</param>
    /// <param name="givesWay">Whether what computes gives way to what answers.</param>
    public static IServiceCollection AddCluster(
        this IServiceCollection services, HomeLayout home, int threads, StateFiles? files = null, bool givesWay = false)
    {
        ArgumentNullException.ThrowIfNull(home);
        services.TryAddSingleton<IBlobStore>(_ => new FileBlobStore(home.Blobs));
        services.AddGrainStorage(StorageNames.Grains, (provider, _) => new FileGrainStorage(files ?? new StateFiles(home.Grains), StateEncoding.Of(provider)));
        TracedReads.AddTo(services);
        return services.AddClusterGrains(threads, givesWay);
    }

    /// <summary>
    /// Registers it except for the two storages: grain state under <see cref="StorageNames.Grains"/> and an <see cref="IBlobStore"/>, which the host adds.
    /// </summary>
    /// <param name="services">The silo's services; what is there already is kept.</param>
    /// <param name="threads">Threads that compute; 0: one per core.</param>
    /// <param name="givesWay">Whether what computes gives way to what answers.</param>
    public static IServiceCollection AddClusterGrains(this IServiceCollection services, int threads, bool givesWay = false)
    {
        services.AddGrainParts();
        services.AddSingleton<IIncomingGrainCallFilter, TenantBoundary>();
        services.AddSingleton<AuditTally>();
        services.AddSingleton<IIncomingGrainCallFilter, AuditFilter>();
        services.AddSingleton<IIncomingGrainCallFilter, RowQuotas>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ComputeShares>();
        services.AddSingleton<TenantLimits>();
        services.AddSingleton<UsageMeter>();
        services.TryAddSingleton<ICompute>(provider => new ComputePool(
            threads, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<UsageMeter>().Caller, givesWay));
        services.TryAddSingleton<ISiloList, OneProcess>();
        services.AddSingleton<ManifestCache>();
        services.AddSingleton<ShardCache>();
        services.AddSingleton<StepCache>();
        services.AddSingleton<LocalStatistics>();
        services.AddSingleton<PreparedModels>();
        services.AddSingleton<Packages>();
        services.AddSingleton<KnownModels>();
        services.AddSingleton<ServedModels>();
        services.AddGrainService<ModelNewsService>();
        services.AddSingleton<IModelNews, ModelNews>();
        services.AddSingleton<AgreementLedger>();
        services.AddSingleton<ReferenceProfiles>();
        services.AddSingleton<KeptProfiles>();
        services.AddSingleton<ServedObservations>();
        services.AddHostedService<AgreementService>();
        services.AddHostedService<AuditService>();
        services.AddHostedService<UsageService>();
        services.AddSingleton<TrainingServices>();
        services.TryAddSingleton(FamilyRegistry.Standard);
        return services;
    }
}
