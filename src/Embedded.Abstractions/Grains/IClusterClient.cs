namespace Orleans;

/// <summary>The way into the grains from outside of them.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The services of the process that the client lives in.</summary>
    IServiceProvider ServiceProvider { get; }
}
