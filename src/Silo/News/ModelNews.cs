using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Services;
using OrleansCluster.Serving;

namespace OrleansCluster.Silo.News;

/// <summary>Tells the silos that are there of a model's changes.</summary>
internal sealed partial class ModelNews(IServiceProvider services, KnownModels known, ISiloStatusOracle membership, IOptions<ServingOptions> options,
    ILogger<ModelNews> logger)
    : GrainServiceClient<IModelNewsService>(services), IModelNews
{
    public Task Changed(string model)
    {
        known.Forget(model);
        return Task.WhenAll(membership.GetActiveSilos().Where(silo => !silo.Equals(membership.SiloAddress)).Select(silo => Tell(silo, model)));
    }

    private async Task Tell(SiloAddress silo, string model)
    {
        try
        {
            await GetGrainService(silo).Changed(model).WaitAsync(options.Value.RouteLease).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The change is written down: whatever keeps a silo from being told must not make it look as if it were not.
        catch (Exception e)
        {
            // By now its lease is over, or soon will be.
            CannotTell(logger, silo, model, e.Message);
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo {Silo} was not told that the model {Model} has changed, and finds out by "
        + "itself: {Reason}")]
    private static partial void CannotTell(ILogger logger, SiloAddress silo, string model, string reason);
}
