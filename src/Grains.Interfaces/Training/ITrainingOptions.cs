namespace OrleansCluster.Training;

/// <summary>What the options of every algorithm have in common.</summary>
public interface ITrainingOptions
{
    /// <summary>Number of clusters, at least 1.</summary>
    int K { get; }

    /// <summary>Greatest number of clusters to try, from <see cref="K"/> on; 0: <see cref="K"/> alone.</summary>
    int LargestK { get; }

    /// <summary>What chooses among several numbers of clusters.</summary>
    string Select { get; }

    /// <summary>How the start is found.</summary>
    string Init { get; }

    int Restarts { get; }

    int MaxIterations { get; }

    double Tolerance { get; }

    ulong Seed { get; }

    /// <summary>Starts of the whole job: restarts of every number of clusters that is tried.</summary>
    int Starts();
}
