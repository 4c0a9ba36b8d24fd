namespace OrleansCluster.Numerics.Matchings;

/// <summary>What matching row i with column j costs, computed when asked. Implementations are immutable: rows may be asked for from several threads.</summary>
public interface IPairCosts
{
    /// <summary>Number of rows, at least 0.</summary>
    int Rows { get; }

    /// <summary>Number of columns, at least 0.</summary>
    int Columns { get; }

    /// <summary>Writes the costs of one row with every column: ≥ 0, never NaN.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="limit">Costs of at least this much are all the same to the caller: any value ≥ <paramref name="limit"/> may stand for them.</param>
    /// <param name="costs">Length <see cref="Columns"/>.</param>
    void Row(int row, double limit, Span<double> costs);
}
