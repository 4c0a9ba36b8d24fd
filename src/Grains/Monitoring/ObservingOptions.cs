namespace OrleansCluster.Monitoring;

/// <summary>Whether a silo observes what its assigners are asked, and how.</summary>
public sealed class ObservingOptions
{
    /// <summary>Whether it does.</summary>
    public bool Observe { get; set; }

    /// <summary>Length of a window, one that <see cref="WindowNames.Check"/> lets pass.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often the sample of rows that were asked about is looked at.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long observations stay with the silo before the model's monitor is told: a silo that is killed loses so much.</summary>
    public TimeSpan Tells { get; set; } = TimeSpan.FromMinutes(1);
}
