using Microsoft.Extensions.Logging;
using OrleansCluster.Serving;

namespace OrleansCluster.Silo.News;

/// <inheritdoc cref="IModelNewsService"/>
internal sealed class ModelNewsService(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, KnownModels known)
    : GrainService(id, silo, loggers), IModelNewsService
{
    public Task Changed(string model)
    {
        known.Forget(model);
        return Task.CompletedTask;
    }
}
