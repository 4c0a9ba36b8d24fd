namespace OrleansCluster.Training;

/// <summary>What to train, as asked for. Checked when the job starts; the defaults are those of the command line.</summary>
[GenerateSerializer, Immutable, Alias("oc.KMeansOptions")]
public sealed record KMeansOptions : ITrainingOptions
{
    /// <summary>Number of clusters, at least 1.</summary>
    [Id(0)] public required int K { get; init; }

    /// <summary><c>parallel</c> (k-means‖), <c>k-means++</c>, <c>random</c> or <c>given</c>.</summary>
    [Id(1)] public string Init { get; init; } = "parallel";

    /// <summary>For <c>given</c>: k × d float64 little-endian, row-major.</summary>
    [Id(2)] public ReadOnlyMemory<byte> InitialCentroids { get; init; }

    [Id(3)] public int Restarts { get; init; } = 1;

    [Id(4)] public int MaxIterations { get; init; } = 300;

    /// <summary>Stop when the squared shift of all centres is at most this times the mean column variance; 0: only when no row moves.</summary>
    [Id(5)] public double Tolerance { get; init; } = 1e-4;

    [Id(6)] public ulong Seed { get; init; }

    /// <summary><c>relocate</c>, <c>drop</c> or <c>fail</c>.</summary>
    [Id(7)] public string Empty { get; init; } = "relocate";

    /// <summary>Lloyd without acceleration: the same bits, more distances.</summary>
    [Id(8)] public bool Plain { get; init; }

    /// <summary>Greatest number of clusters to try, from <see cref="K"/> on; 0: <see cref="K"/> alone.</summary>
    [Id(9)] public int LargestK { get; init; }

    /// <summary>What chooses among several numbers of clusters: <c>silhouette</c>, <c>calinski-harabasz</c>, <c>davies-bouldin</c> or <c>elbow</c>.</summary>
    [Id(10)] public string Select { get; init; } = "silhouette";

    /// <summary>Rows of the sample whose silhouettes are taken, at least 2.</summary>
    [Id(11)] public int SilhouetteRows { get; init; } = 5000;

    /// <inheritdoc/>
    [Id(12)] public string Numbers { get; init; } = "";

    /// <inheritdoc/>
    [Id(13)] public string Weights { get; init; } = "";

    public int Starts() => Restarts * this.Count();
}
