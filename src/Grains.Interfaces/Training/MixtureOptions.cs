namespace OrleansCluster.Training;

/// <summary>Which Gaussian mixture to train, as asked for. Checked when the job starts; the defaults are those of the command line.</summary>
[GenerateSerializer, Immutable, Alias("oc.MixtureOptions")]
public sealed record MixtureOptions : ITrainingOptions
{
    /// <summary>Number of components, at least 1.</summary>
    [Id(0)] public required int K { get; init; }

    /// <summary><c>full</c>, <c>tied</c>, <c>diag</c> or <c>spherical</c>.</summary>
    [Id(1)] public string Covariance { get; init; } = "full";

    /// <summary><c>kmeans</c>, <c>k-means++</c>, <c>random</c> (responsibilities) or <c>given</c>: means, with equal weights and the data's column variances.</summary>
    [Id(2)] public string Init { get; init; } = "kmeans";

    /// <summary>For <c>given</c>: k × d float64 little-endian, row-major.</summary>
    [Id(3)] public ReadOnlyMemory<byte> InitialMeans { get; init; }

    [Id(4)] public int Restarts { get; init; } = 1;

    [Id(5)] public int MaxIterations { get; init; } = 100;

    /// <summary>Stop when an iteration gains less than this in mean log-likelihood, in nats a row; 0: when it gains nothing.</summary>
    [Id(6)] public double Tolerance { get; init; } = 1e-3;

    [Id(7)] public ulong Seed { get; init; }

    /// <summary>Least variance of a component in any direction, as a fraction of the columns' variances; at least 0 and below 1.</summary>
    [Id(8)] public double Regularization { get; init; } = 1e-6;

    /// <summary>What becomes of a component that collapses: <c>reseed</c>, <c>drop</c> or <c>fail</c>.</summary>
    [Id(9)] public string Collapse { get; init; } = "reseed";

    /// <summary>Share of the training rows' weight that the model's threshold flags as anomalies, at least 0 and below 1.</summary>
    [Id(10)] public double Contamination { get; init; } = 0.01;

    /// <summary>Greatest number of components to try, from <see cref="K"/> on; 0: <see cref="K"/> alone.</summary>
    [Id(11)] public int LargestK { get; init; }

    /// <summary>What chooses among several numbers of components: <c>bic</c>, <c>aic</c>, <c>icl</c> or <c>held-out</c>.</summary>
    [Id(12)] public string Select { get; init; } = "bic";

    /// <summary>For <c>held-out</c>: share of the rows that the fits leave out and are judged by, above 0 and below 1.</summary>
    [Id(13)] public double HeldOut { get; init; } = 0.2;

    /// <inheritdoc/>
    [Id(14)] public string Numbers { get; init; } = "";

    /// <inheritdoc/>
    [Id(15)] public string Weights { get; init; } = "";

    /// <summary>With <c>held-out</c> the number chosen is trained once more, on all rows.</summary>
    public int Starts() => Restarts * (this.Count() + (LargestK > 0 && Select == "held-out" ? 1 : 0));
}
