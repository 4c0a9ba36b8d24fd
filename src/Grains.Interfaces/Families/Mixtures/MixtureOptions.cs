using OrleansCluster.Families.Options;
using OrleansCluster.Training;

namespace OrleansCluster.Families.Mixtures;

/// <summary>A training of a Gaussian mixture, as asked for. Checked when the job starts.</summary>
[GenerateSerializer, Immutable, Alias("oc.MixtureOptions")]
public sealed record MixtureOptions : ITrainingOptions
{
    public string Family => "gmm";

    /// <summary>Number of components, at least 1.</summary>
    [Option("Number of components, or several of which --select chooses: 1..20, or 2,4,8")]
    [Id(0)] public required int K { get; init; }

    /// <summary><c>full</c>, <c>tied</c>, <c>diag</c> or <c>spherical</c>.</summary>
    [Option("Form of the covariances: one matrix each, one for all, a variance each column, or one variance", Words = ["full", "tied", "diag", "spherical"])]
    [Id(1)] public string Covariance { get; init; } = "full";

    /// <summary>
    /// <c>kmeans</c>, <c>k-means++</c>, <c>random</c> (responsibilities) or <c>given</c>: means, with equal weights and the data's column variances.
    /// </summary>
    [Option("Start: the clusters of a k-means run, the rows nearest to k-means++ seeds, or random responsibilities", Words = ["kmeans", "k-means++", "random"])]
    [Id(2)] public string Init { get; init; } = "kmeans";

    /// <summary>For <c>given</c>: k × d float64 little-endian, row-major.</summary>
    [Option("Start from the k rows of a file as means, instead of --init; needs --init-covariance", Name = "init-means")]
    [Id(3)] public ReadOnlyMemory<byte> InitialMeans { get; init; }

    [Option("Starts to try; the one with the greatest likelihood is kept", Minimum = 1, Maximum = 1_000_000)]
    [Id(4)] public int Restarts { get; init; } = 1;

    [Id(5)] public int MaxIterations { get; init; } = 100;

    /// <summary>Stop when an iteration gains less than this in mean log-likelihood, in nats a row; 0: when it gains nothing.</summary>
    [Option("Stop when an iteration gains less than X in mean log-likelihood; 0: when it gains nothing", Minimum = 0)]
    [Id(6)] public double Tolerance { get; init; } = 1e-3;

    [Id(7)] public ulong Seed { get; init; }

    /// <summary>Least variance of a component in any direction, as a fraction of the columns' variances; at least 0 and below 1.</summary>
    [Option("Least variance of a component in any direction, as a fraction of the columns' variances; 0: no floor", Minimum = 0, Below = 1)]
    [Id(8)] public double Regularization { get; init; } = 1e-6;

    /// <summary>What becomes of a component that collapses: <c>reseed</c>, <c>drop</c> or <c>fail</c>.</summary>
    [Option("What happens to a component that collapses onto a point or loses its rows", Words = ["reseed", "drop", "fail"])]
    [Id(9)] public string Collapse { get; init; } = "reseed";

    /// <summary>Share of the training rows' weight that the model's threshold flags as anomalies, at least 0 and below 1.</summary>
    [Option("Share of the rows that the model's threshold flags as anomalies", Minimum = 0, Below = 1)]
    [Id(10)] public double Contamination { get; init; } = 0.01;

    /// <summary>Greatest number of components to try, from <see cref="K"/> on; 0: <see cref="K"/> alone.</summary>
    [Id(11)] public int LargestK { get; init; }

    /// <summary>What chooses among several numbers of components: <c>bic</c>, <c>aic</c>, <c>icl</c> or <c>held-out</c>.</summary>
    [Option(
        "What chooses among several K: the least BIC, AIC or ICL, or the greatest likelihood of rows that are held out of the fits; then the K chosen is "
            + "trained on all rows",
        Words = ["bic", "aic", "icl", HeldOutRows], OfChoice = true)]
    [Id(12)] public string Select { get; init; } = "bic";

    /// <summary>For <c>held-out</c>: share of the rows that the fits leave out and are judged by, above 0 and below 1.</summary>
    [Option("Share of the rows that --select held-out leaves out of the fits, above 0", Minimum = 0, Below = 1, OfChoice = true)]
    [Id(13)] public double HeldOut { get; init; } = 0.2;

    /// <inheritdoc/>
    [Id(14)] public string Numbers { get; init; } = "";

    /// <inheritdoc/>
    [Id(15)] public string Weights { get; init; } = "";

    /// <summary>Covariances to start from with given means: <c>global</c>, the columns' variances over all rows; empty: the same.</summary>
    [Option("Covariances to start from with --init-means: global is the columns' variances over all rows, with "
        + "equal weights", Name = "init-covariance", Words = ["global"])]
    [Id(16)] public string InitialCovariance { get; init; } = "";

    ReadOnlyMemory<byte> ITrainingOptions.Start => InitialMeans;

    /// <summary>The criterion for which rows are held out.</summary>
    internal const string HeldOutRows = "held-out";

    /// <summary>With <c>held-out</c> the number chosen is trained once more, on all rows.</summary>
    public int Starts() => Restarts * (this.Count() + (LargestK > 0 && Select == HeldOutRows ? 1 : 0));

    ITrainingOptions ITrainingOptions.WithStart(ReadOnlyMemory<byte> rows) => this with { InitialMeans = rows };
}
