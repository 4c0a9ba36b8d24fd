using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Steps;

/// <summary>The statistic of an iteration: totals [moved | distances | rows k | weights k | sums k × d], with names.</summary>
internal sealed partial class ClusterTotals
{
    /// <summary>Totals before those of the clusters.</summary>
    public const int Head = 2;

    /// <summary>Sums that one worker is done with before another has woken up.</summary>
    private const int Few = 1 << 13;

    private readonly ExactTotals _totals;

    /// <param name="totals">The merged totals; relocations change them.</param>
    /// <param name="columns">d.</param>
    public ClusterTotals(ExactTotals totals, int columns)
    {
        _totals = totals;
        Columns = columns;
        K = (totals.Length - Head) / (columns + 2);
        if (totals.Length != LengthOf(K, columns))
            throw new InvalidDataException($"{totals.Length} sums are not those of an iteration over {columns} columns.");
    }

    public int K { get; }

    /// <summary>Whether what is made of the totals is worth a second worker.</summary>
    public bool AreMany => _totals.Length >= Few;

    public int Columns { get; }

    public long Moved => (long)_totals[0];

    public long Distances => (long)_totals[1];

    /// <summary>To be changed; in units of 2^e_w.</summary>
    public Span<Int128> Weights => _totals.Values.AsSpan(Head + K, K);

    private int FirstSum => Head + (2 * K);

    /// <summary>Number of totals.</summary>
    public static int LengthOf(int k, int columns) => checked(Head + (k * (columns + 2)));

    /// <summary>Of one cluster, in units of 2^e_w.</summary>
    public Int128 Weight(int cluster) => _totals[Head + K + cluster];

    /// <summary>To be changed: of one cluster, column j in units of 2^e_j.</summary>
    public Span<Int128> Sums(int cluster) => _totals.Values.AsSpan(FirstSum + (cluster * Columns), Columns);

    /// <summary>Squared Euclidean norm of a whole change of centres, summed in the canonical order.</summary>
    /// <param name="from">k × d.</param>
    /// <param name="to">k × d.</param>
    /// <param name="columns">d.</param>
    public static double Shift(ReadOnlySpan<double> from, ReadOnlySpan<double> to, int columns)
    {
        double sum = 0;
        for (int start = 0; start < from.Length; start += columns)
        {
            ReadOnlySpan<double> before = from.Slice(start, columns), after = to.Slice(start, columns);
            // Squares of zero add nothing.
            if (!MemoryMarshal.AsBytes(before).SequenceEqual(MemoryMarshal.AsBytes(after)))
                sum = Distance.AddSquared(after, before, sum);
        }

        return sum;
    }

    /// <summary>The list the totals lie in, for others: these are not used any more.</summary>
    public long[]? GiveUp() => _totals.Narrow;

    /// <summary>Whether a cluster is the same to the unit.</summary>
    private bool Same(ClusterTotals earlier, int cluster)
    {
        if (earlier.Weight(cluster) != Weight(cluster))
            return false;
        int first = FirstSum + (cluster * Columns);
        if (_totals.Narrow is { } own && earlier._totals.Narrow is { } other)
            return own.AsSpan(first, Columns).SequenceEqual(other.AsSpan(first, Columns));
        for (int i = first; i < first + Columns; i++)
        {
            if (_totals[i] != earlier._totals[i])
                return false;
        }

        return true;
    }
}
