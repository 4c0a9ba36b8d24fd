using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Monitoring;

/// <summary>Tells what rows look like under a model, and how far that is from its training rows; key: <c>tenant/model</c>. Stateless.</summary>
[Alias("oc.IObserverGrain")]
public interface IObserverGrain : IGrainWithStringKey
{
    /// <summary>Takes rows into an observation.</summary>
    /// <exception cref="ClusteringException">No such model or version, it has no profile, or the rows do not fit it.</exception>
    [Alias("Observe"), Audited("model.observe", Counted = true)]
    Task<Observation> Observe(ObserveQuery query, CancellationToken cancellation = default);

    /// <summary>Compares observed rows with the version's training rows, or with other observed rows.</summary>
    /// <exception cref="ClusteringException">No such model or version, it has no profile, or what was observed is not of this version.</exception>
    [Alias("Compare")]
    Task<DriftReport> Compare(DriftQuery query, CancellationToken cancellation = default);
}

/// <summary>Rows to observe.</summary>
[GenerateSerializer, Immutable, Alias("oc.ObserveQuery")]
public sealed record ObserveQuery
{
    /// <summary>Version of the model; 0: the champion, else the newest.</summary>
    [Id(0)] public required int Version { get; init; }

    [Id(1)] public required RowsPayload Rows { get; init; }

    /// <summary>What was observed before, by the same version; empty: nothing.</summary>
    [Id(2)] public ReadOnlyMemory<byte> Before { get; init; }
}

/// <summary>What observed rows look like. Its size depends on the model's columns and clusters, and not on the number of rows.</summary>
[GenerateSerializer, Immutable, Alias("oc.Observation")]
public sealed record Observation
{
    /// <summary>The version that they were observed under.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>Rows in it.</summary>
    [Id(1)] public required long Rows { get; init; }

    /// <summary>Counts that merge in any grouping.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Counts { get; init; }
}

/// <summary>What to compare, and when to call it drift.</summary>
[GenerateSerializer, Immutable, Alias("oc.DriftQuery")]
public sealed record DriftQuery
{
    /// <summary>Version of the model; 0: the champion, else the newest.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>What was observed; empty: that of <see cref="Window"/>.</summary>
    [Id(1)] public ReadOnlyMemory<byte> Counts { get; init; }

    /// <summary>Name of the window, or of the rows, for the report.</summary>
    [Id(2)] public string Window { get; init; } = "";

    /// <summary>Name of the window to compare with; empty: the training rows.</summary>
    [Id(3)] public string Against { get; init; } = "";

    /// <summary>When a difference is called drift.</summary>
    [Id(4)] public DriftThresholds Thresholds { get; init; } = new();
}

/// <summary>When a difference is called drift: both an effect, which does not grow with the number of rows, and too improbable to be chance.</summary>
[GenerateSerializer, Immutable, Alias("oc.DriftThresholds")]
public sealed record DriftThresholds
{
    /// <summary>Of numbers: least 1-Wasserstein distance, in standard deviations of the reference.</summary>
    [Id(0)] public double Wasserstein { get; init; } = 0.1;

    /// <summary>Of numbers: least difference of the distribution functions.</summary>
    [Id(1)] public double KolmogorovSmirnov { get; init; } = 0.1;

    /// <summary>Least Jensen–Shannon distance: of categories, of the clusters' shares, and of numbers, for which any of the three is enough.</summary>
    [Id(2)] public double JensenShannon { get; init; } = 0.1;

    /// <summary>Least difference of the shares of missing, unseen and out-of-range values.</summary>
    [Id(3)] public double Share { get; init; } = 0.05;

    /// <summary>Greatest probability of a false alarm in all comparisons of a report together.</summary>
    [Id(4)] public double Alpha { get; init; } = 0.001;

    /// <summary>Fewer rows are not judged.</summary>
    [Id(5)] public int MinimumRows { get; init; } = 100;

    /// <summary>Least shift of a cluster's mean in a column, in standard deviations that the column has within the cluster.</summary>
    [Id(6)] public double ClusterShift { get; init; } = 0.25;

    /// <summary>Least change of the mean loss and of the mean silhouette, in standard deviations of the training rows.</summary>
    [Id(7)] public double Fit { get; init; } = 0.1;

    /// <summary>Clusters of fewer rows are not judged.</summary>
    [Id(8)] public int ClusterRows { get; init; } = 50;
}

/// <summary>How far rows are from a reference.</summary>
[GenerateSerializer, Immutable, Alias("oc.DriftReport")]
public sealed record DriftReport
{
    /// <summary>UTF-8 JSON: a <c>DriftDocument</c>.</summary>
    [Id(0)] public required ReadOnlyMemory<byte> Document { get; init; }
}
