namespace OrleansCluster.Training;

/// <summary>A training job as asked for: the options of exactly one algorithm.</summary>
[GenerateSerializer, Immutable, Alias("oc.TrainingRequest")]
public sealed record TrainingRequest
{
    [Id(0)] public required string Dataset { get; init; }

    /// <summary>Which version; 0 is the newest.</summary>
    [Id(1)] public int DatasetVersion { get; init; }

    /// <summary>The model that the result is published to.</summary>
    [Id(2)] public required string Model { get; init; }

    /// <summary>Options of k-means; null for another algorithm.</summary>
    [Id(3)] public KMeansOptions? KMeans { get; init; }

    /// <summary>Options of a Gaussian mixture; null for another algorithm.</summary>
    [Id(4)] public MixtureOptions? Mixture { get; init; }

    /// <summary>The model's version that the result's clusters are aligned with; 0: the champion where one is set when it is published, else the newest.</summary>
    [Id(5)] public int Parent { get; init; }

    /// <summary>Who asks, for the model's audit trail.</summary>
    [Id(6)] public string By { get; init; } = "";

    /// <summary>Whether it retrains the model, which only one job at a time may: from the parameters of <see cref="Parent"/>, or afresh.</summary>
    [Id(7)] public RetrainingKind Retraining { get; init; }

    /// <summary>Name of the algorithm that the options are for.</summary>
    /// <exception cref="ClusteringException">There are options of none or of several.</exception>
    public string Algorithm() => (KMeans, Mixture) switch
    {
        ({ }, null) => TrainingAlgorithmNames.KMeans,
        (null, { }) => TrainingAlgorithmNames.Mixture,
        (null, null) => throw new ClusteringException("The request has options of no algorithm: give those of k-means or of a mixture."),
        _ => throw new ClusteringException("The request has options of two algorithms: give those of k-means or of a mixture."),
    };

    /// <summary>The options of the algorithm.</summary>
    /// <inheritdoc cref="Algorithm" path="/exception"/>
    public ITrainingOptions Options() => Algorithm() == TrainingAlgorithmNames.KMeans ? KMeans! : Mixture!;

    /// <summary>The rows that the training is to start from: k × d float64, row-major; empty when none are given.</summary>
    public ReadOnlyMemory<byte> Start() => KMeans?.InitialCentroids ?? Mixture?.InitialMeans ?? default;

    /// <summary>The same request that starts from other rows, or from none: those stay out of states and comparisons.</summary>
    public TrainingRequest WithStart(ReadOnlyMemory<byte> rows) => this with
    {
        KMeans = KMeans is null ? null : KMeans with { InitialCentroids = rows },
        Mixture = Mixture is null ? null : Mixture with { InitialMeans = rows },
    };
}

/// <summary>Names of algorithms, as jobs and models carry them.</summary>
public static class TrainingAlgorithmNames
{
    public const string KMeans = "kmeans";
    public const string Mixture = "gmm";
}
