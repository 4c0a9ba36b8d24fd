using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Evaluation;

/// <summary>
/// Counts how two labellings meet, shard by shard. Counts of rows without weights, and whole weights, are exact in any order of
/// merging (to 2⁵³); sums of other weights depend on the order in their last bits, so merge shards in shard order.
/// Rows of weight 0 leave no trace.
/// </summary>
public sealed class ContingencyStatistic
{
    private readonly Dictionary<(int First, int Second), double> _cells = [];

    /// <summary>Counts one row.</summary>
    public void Accumulate(int first, int second, double weight = 1)
    {
        if (!(weight >= 0) || !double.IsFinite(weight))
            throw new ArgumentException($"A weight is finite and at least 0, not {weight}.", nameof(weight));
        if (weight > 0)
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_cells, (first, second), out _) += weight;
    }

    /// <summary>Counts rows.</summary>
    /// <inheritdoc cref="ContingencyTable.Of"/>
    public void Accumulate(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<double> weights = default)
    {
        if (first.Length != second.Length || (weights.Length != 0 && weights.Length != first.Length))
            throw new ArgumentException($"{first.Length} and {second.Length} labels and {weights.Length} weights of the same rows.");
        for (int i = 0; i < first.Length; i++)
        {
            double weight = weights.Length == 0 ? 1 : weights[i];
            if (!(weight >= 0) || !double.IsFinite(weight))
                throw new ArgumentException($"Row {i}: a weight is finite and at least 0, not {weight}.", nameof(weights));
            Accumulate(first[i], second[i], weight);
        }
    }

    /// <summary>Adds what another part of the rows counted.</summary>
    public void MergeFrom(ContingencyStatistic other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (((int first, int second), double weight) in other._cells)
            Accumulate(first, second, weight);
    }

    /// <summary>The table over the labels that occurred.</summary>
    public ContingencyTable Finish() =>
        Table([.. _cells.Keys.Select(key => key.First).Distinct().Order()], [.. _cells.Keys.Select(key => key.Second).Distinct().Order()]);

    /// <summary>The table over the labels 0 … rows − 1 and 0 … columns − 1, whether they occurred or not.</summary>
    /// <exception cref="ArgumentException">Another label occurred.</exception>
    public ContingencyTable Finish(int rows, int columns)
    {
        foreach ((int first, int second) in _cells.Keys)
        {
            if ((uint)first >= (uint)rows || (uint)second >= (uint)columns)
                throw new ArgumentException($"The labels {first} and {second} are not in 0 … {rows - 1} and 0 … {columns - 1}.");
        }

        return Table([.. Enumerable.Range(0, rows)], [.. Enumerable.Range(0, columns)]);
    }

    private ContingencyTable Table(ImmutableArray<int> rows, ImmutableArray<int> columns)
    {
        ContingencyCell[] sorted = new ContingencyCell[_cells.Count];
        int at = 0;
        foreach (((int first, int second), double weight) in _cells)
            sorted[at++] = new ContingencyCell(rows.BinarySearch(first), columns.BinarySearch(second), weight);
        Array.Sort(sorted, static (a, b) => a.Row != b.Row ? a.Row.CompareTo(b.Row) : a.Column.CompareTo(b.Column));
        return new ContingencyTable(rows, columns, ImmutableArray.Create(sorted));
    }
}
