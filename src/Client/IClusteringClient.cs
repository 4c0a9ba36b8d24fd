namespace OrleansCluster.Client;

/// <summary>Everything a tenant can ask of a cluster. One instance serves one tenant; it is thread-safe.</summary>
public interface IClusteringClient
{
    /// <summary>Rows: imported once, in versions that never change.</summary>
    IDatasetClient Datasets { get; }

    /// <summary>Trainings: started, watched, interrupted, resumed, cancelled.</summary>
    IJobClient Jobs { get; }

    /// <summary>What trainings published: versions, aliases, routes, policies, and answers by them.</summary>
    IModelClient Models { get; }

    /// <summary>What rows look like that models are asked about: observed, kept in windows, compared.</summary>
    IMonitorClient Monitor { get; }

    /// <summary>Who changed what, and who read or asked about rows.</summary>
    IAuditClient Audit { get; }

    /// <summary>Models that are retrained by themselves.</summary>
    IRetrainingClient Retraining { get; }

    /// <summary>What is wrong with models, by rules, and who is told.</summary>
    IAlertClient Alerts { get; }

    /// <summary>What the tenant used, by model and day.</summary>
    IUsageClient Usage { get; }

    /// <summary>The silos of the cluster.</summary>
    ISiloClient Silos { get; }
}
