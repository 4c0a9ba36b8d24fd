using Orleans.Services;

namespace OrleansCluster.Serving;

/// <summary>One on every silo: hears that a model has changed.</summary>
[Alias("oc.IModelNewsService")]
public interface IModelNewsService : IGrainService
{
    /// <param name="model">Grain key of the model.</param>
    [Alias("Changed")]
    Task Changed(string model);
}
