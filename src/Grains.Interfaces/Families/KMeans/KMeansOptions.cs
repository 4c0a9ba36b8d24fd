using OrleansCluster.Families.Options;
using OrleansCluster.Training;

namespace OrleansCluster.Families.KMeans;

/// <summary>A training of k-means, as asked for. Checked when the job starts.</summary>
[GenerateSerializer, Immutable, Alias("oc.KMeansOptions")]
public sealed record KMeansOptions : ICentreOptions
{
    public string Family => "kmeans";

    /// <summary>Number of clusters, at least 1.</summary>
    [Id(0)] public required int K { get; init; }

    /// <summary><c>parallel</c> (k-means‖), <c>k-means++</c>, <c>random</c> or <c>given</c>.</summary>
    [Option("Start: parallel (k-means||), k-means++, random, or a file of k rows of centres", Words = ["parallel", "k-means++", "random"], OrRows = true)]
    [Id(1)] public string Init { get; init; } = "parallel";

    /// <summary>For <c>given</c>: k × d float64 little-endian, row-major.</summary>
    [Id(2)] public ReadOnlyMemory<byte> InitialCentroids { get; init; }

    [Option("Starts to try; the one with the least objective is kept", Minimum = 1, Maximum = 1_000_000)]
    [Id(3)] public int Restarts { get; init; } = 1;

    [Id(4)] public int MaxIterations { get; init; } = 300;

    /// <summary>Stop when the squared shift of all centres is at most this times the mean column variance; 0: only when no row moves.</summary>
    [Option("Stop when the squared shift of all centres is at most X times the columns' mean variance; 0: when no row moves", Minimum = 0)]
    [Id(5)] public double Tolerance { get; init; } = 1e-4;

    [Id(6)] public ulong Seed { get; init; }

    /// <summary><c>relocate</c>, <c>drop</c> or <c>fail</c>.</summary>
    [Option("What happens to a cluster that loses all its rows", Words = ["relocate", "drop", "fail"])]
    [Id(7)] public string Empty { get; init; } = "relocate";

    /// <summary>Lloyd without acceleration: the same bits, more distances.</summary>
    [Option("Without acceleration: the same result from more distances")]
    [Id(8)] public bool Plain { get; init; }

    /// <summary>Greatest number of clusters to try, from <see cref="K"/> on; 0: <see cref="K"/> alone.</summary>
    [Id(9)] public int LargestK { get; init; }

    /// <summary>What chooses among several numbers of clusters: <c>silhouette</c>, <c>calinski-harabasz</c>, <c>davies-bouldin</c> or <c>elbow</c>.</summary>
    [Option(
        "What chooses among several K: the mean silhouette, the Calinski-Harabasz or the Davies-Bouldin index, or the elbow of the inertia, where it lies "
            + "farthest below its chord",
        Words = ["silhouette", "calinski-harabasz", "davies-bouldin", "elbow"], OfChoice = true)]
    [Id(10)] public string Select { get; init; } = "silhouette";

    /// <summary>Rows of the sample whose silhouettes are taken, at least 2.</summary>
    [Option("Rows of the sample whose silhouettes are taken when choosing among several K", Minimum = 2, Maximum = 100_000, OfChoice = true)]
    [Id(11)] public int SilhouetteRows { get; init; } = 5000;

    /// <inheritdoc/>
    [Id(12)] public string Numbers { get; init; } = "";

    /// <inheritdoc/>
    [Id(13)] public string Weights { get; init; } = "";

    ReadOnlyMemory<byte> ITrainingOptions.Start => InitialCentroids;

    ITrainingOptions ITrainingOptions.WithStart(ReadOnlyMemory<byte> rows) => this with { InitialCentroids = rows };

    ITrainingOptions ITrainingOptions.Once() => this with { MaxIterations = 1, Empty = "drop" };
}
