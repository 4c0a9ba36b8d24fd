namespace OrleansCluster.Serving;

/// <summary>How questions are answered. What a version answers does not depend on any of it.</summary>
public sealed class ServingOptions
{
    /// <summary>
    /// Distance terms (rows × clusters × columns) of one call over a shard. The default is a second or so of one core, so that no call comes near its
    /// timeout.
    /// </summary>
    public double DistanceTermsPerCall { get; set; } = 2e9;

    /// <summary>
    /// How long a silo answers by a route that it was told: a change of the route (an abort, say) is heeded everywhere after this time. Zero: it asks every
    /// time.
    /// </summary>
    public TimeSpan RouteLease { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Rows of one call that are compared between versions under a route, at most; the first ones are. Shadows beyond it cost nothing.</summary>
    public int ComparedRowsPerCall { get; set; } = 65_536;

    /// <summary>
    /// Bytes of prepared parameters that a silo keeps: those that were used longest ago go first, but never those that answer at the moment, and are prepared
    /// again when they are asked for.
    /// </summary>
    public long ModelBytes { get; set; } = 512L << 20;

    /// <summary>How often a silo tells what it compared.</summary>
    public TimeSpan AgreementPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a silo tells audit logs what was asked: a crash loses no more than that of them.</summary>
    public TimeSpan AuditPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a silo tells what tenants used: a crash loses no more than that of it.</summary>
    public TimeSpan UsagePeriod { get; set; } = TimeSpan.FromSeconds(30);
}
