namespace OrleansCluster.Training;

/// <summary>What the options of every algorithm have in common.</summary>
public interface ITrainingOptions
{
    /// <summary>Number of clusters, at least 1.</summary>
    int K { get; }

    /// <summary>How the start is found.</summary>
    string Init { get; }

    int Restarts { get; }

    int MaxIterations { get; }

    double Tolerance { get; }

    ulong Seed { get; }

    /// <summary>Starts of the whole job: restarts of every number of clusters that is tried.</summary>
    int Starts();
}
