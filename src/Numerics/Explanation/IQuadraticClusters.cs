namespace OrleansCluster.Numerics.Explanation;

/// <summary>
/// Clusters of which a row x belongs to the one that fits it best: s(x) = constant − scale · (x − c)ᵀ P (x − c), with a centre c, a constant and a symmetric
/// P of each cluster. Safe for concurrent use.
/// </summary>
public interface IQuadraticClusters
{
    /// <summary>Number of clusters.</summary>
    int K { get; }

    /// <summary>Number of columns.</summary>
    int Columns { get; }

    /// <summary>What the quadratic form is multiplied with: 1 or ½.</summary>
    double Scale { get; }

    /// <summary>The constant of a cluster; −∞ where no row belongs to it.</summary>
    double Constant(int cluster);

    /// <summary>x − c.</summary>
    /// <param name="cluster">From 0.</param>
    /// <param name="row">d values.</param>
    /// <param name="differences">Out: d values.</param>
    void Subtract(int cluster, ReadOnlySpan<double> row, Span<double> differences);

    /// <summary>P (x − c).</summary>
    /// <param name="cluster">From 0.</param>
    /// <param name="differences">x − c.</param>
    /// <param name="products">Out: d values.</param>
    void Multiply(int cluster, ReadOnlySpan<double> differences, Span<double> products);

    /// <summary>P_jj.</summary>
    double Curvature(int cluster, int column);
}
