namespace OrleansCluster.Numerics.Explanation;

/// <summary>Explains rows, one by one, in the columns of the clusters. Safe for concurrent use.</summary>
public interface IRowExplainer
{
    /// <summary>The cluster that fits a row best; of equals the first. −1: none fits it at all.</summary>
    /// <param name="row">d finite values.</param>
    int Best(ReadOnlySpan<double> row);

    /// <summary>Why a row belongs to a cluster.</summary>
    /// <param name="row">d finite values.</param>
    /// <param name="cluster">The cluster that it belongs to.</param>
    RowExplanation Explain(ReadOnlySpan<double> row, int cluster);
}
