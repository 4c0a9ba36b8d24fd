namespace OrleansCluster.Numerics.Alignment;

/// <summary>The clusters of one version of a model, as far as alignment looks at them. A view: it owns nothing.</summary>
public sealed class VersionClusters
{
    /// <summary>Describes a version's clusters.</summary>
    /// <param name="columns">Number of columns d, at least 1.</param>
    /// <param name="centroids">k × d, row-major, finite, in the space the model was trained in.</param>
    /// <param name="spreads">
    /// k root mean squared distances of a cluster's rows from its centroid (√(inertia / size), for a Gaussian √trace), in the columns' unit;
    /// empty: taken from <paramref name="covariances"/>.
    /// </param>
    /// <param name="sizes">k total weights of the clusters' rows.</param>
    /// <param name="covariances">k × d variances, or k × d × d covariance matrices, or empty: not Gaussians.</param>
    /// <exception cref="ArgumentException">The lengths do not agree, or a value is not finite or is negative; the message says which.</exception>
    public VersionClusters(int columns, ReadOnlyMemory<double> centroids, ReadOnlyMemory<double> spreads, ReadOnlyMemory<double> sizes,
        ReadOnlyMemory<double> covariances = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (centroids.Length % columns != 0)
            throw new ArgumentException($"{centroids.Length} values are not whole centroids of {columns} columns.", nameof(centroids));
        (Columns, Count) = (columns, centroids.Length / columns);
        for (int at = 0; at < centroids.Length; at++)
        {
            if (!double.IsFinite(centroids.Span[at]))
                throw new ArgumentException($"Cluster {at / columns}, column {at % columns}: the centroid is {centroids.Span[at]}.", nameof(centroids));
        }

        Diagonal = covariances.Length == (long)Count * columns;
        if (covariances.Length != 0 && !Diagonal && covariances.Length != (long)Count * columns * columns)
            throw new ArgumentException(
                $"{covariances.Length} covariances for {Count} clusters: {Count * columns} (variances) or {(long)Count * columns * columns} (matrices) were "
                    + "expected.", nameof(covariances));
        (Centroids, Covariances, Sizes) = (centroids, covariances, sizes);
        RequireEach(sizes, nameof(sizes), "size");
        Spreads = spreads.Length == 0 && covariances.Length != 0 ? RootTraces() : spreads;
        RequireEach(Spreads, nameof(spreads), "spread");
    }

    /// <summary>Number of clusters k.</summary>
    public int Count { get; }

    /// <summary>Number of columns d.</summary>
    public int Columns { get; }

    /// <summary>k × d, row-major.</summary>
    public ReadOnlyMemory<double> Centroids { get; }

    /// <summary>k root mean squared distances of a cluster's rows from its centroid.</summary>
    public ReadOnlyMemory<double> Spreads { get; }

    /// <summary>k total weights.</summary>
    public ReadOnlyMemory<double> Sizes { get; }

    /// <summary>k × d variances (<see cref="Diagonal"/>), k × d × d matrices, or empty.</summary>
    public ReadOnlyMemory<double> Covariances { get; }

    /// <summary>Whether the covariances are variances only.</summary>
    public bool Diagonal { get; }

    internal ReadOnlySpan<double> Centroid(int cluster) => Centroids.Span.Slice(cluster * Columns, Columns);

    /// <summary>
    /// The squared spreads with a floor at <paramref name="least"/> times the spread pooled over the version's rows,
    /// so that a cluster of one row, or of equal rows, may move by a hair and stay itself.
    /// </summary>
    internal double[] SquaredSpreads(double least)
    {
        double inertia = 0;
        double weight = 0;
        double[] squared = new double[Count];
        for (int c = 0; c < Count; c++)
        {
            squared[c] = Spreads.Span[c] * Spreads.Span[c];
            inertia += Sizes.Span[c] * squared[c];
            weight += Sizes.Span[c];
        }

        double floor = weight > 0 ? least * least * (inertia / weight) : 0;
        for (int c = 0; c < Count; c++)
            squared[c] = Math.Max(squared[c], floor);
        return squared;
    }

    private void RequireEach(ReadOnlyMemory<double> values, string parameter, string name)
    {
        if (values.Length != Count)
            throw new ArgumentException($"{values.Length} {parameter} for {Count} clusters.", parameter);
        for (int c = 0; c < Count; c++)
        {
            if (!(values.Span[c] >= 0) || !double.IsFinite(values.Span[c]))
                throw new ArgumentException($"Cluster {c}: the {name} is {values.Span[c]}; it must be finite and at least 0.", parameter);
        }
    }

    private double[] RootTraces()
    {
        double[] spreads = new double[Count];
        int stride = Diagonal ? 1 : Columns + 1;
        int size = Diagonal ? Columns : Columns * Columns;
        for (int c = 0; c < Count; c++)
        {
            double trace = 0;
            for (int j = 0; j < Columns; j++)
                trace += Covariances.Span[(c * size) + (j * stride)];
            spreads[c] = Math.Sqrt(trace);
        }

        return spreads;
    }
}
