using Microsoft.Extensions.Logging;
using Orleans.Services;
using OrleansCluster.Serving;

namespace OrleansCluster.Silo.News;

/// <summary>One on every silo: hears that a model has changed.</summary>
[Alias("oc.IModelNewsService")]
internal interface IModelNewsService : IGrainService
{
    [Alias("Changed")]
    Task Changed(string model);
}

/// <inheritdoc cref="IModelNewsService"/>
internal sealed class ModelNewsService(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, KnownModels known) : GrainService(id, silo, loggers), IModelNewsService
{
    public Task Changed(string model)
    {
        known.Forget(model);
        return Task.CompletedTask;
    }
}
