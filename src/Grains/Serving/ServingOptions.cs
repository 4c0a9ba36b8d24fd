namespace OrleansCluster.Serving;

/// <summary>How questions are answered. None of it changes an answer.</summary>
public sealed class ServingOptions
{
    /// <summary>Distance terms (rows × clusters × columns) of one call over a shard. The default is a second or so of one core, so that no call comes near its timeout.</summary>
    public double DistanceTermsPerCall { get; set; } = 2e9;
}
