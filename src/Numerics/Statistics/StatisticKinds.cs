using System.Collections.Immutable;
using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Statistics;

/// <summary>The kinds of statistics that the steps of a family have: what merges them has to read them.</summary>
public sealed class StatisticKinds
{
    private readonly ImmutableDictionary<byte, Func<ByteReader, Statistic>> _readers;

    private StatisticKinds(ImmutableDictionary<byte, Func<ByteReader, Statistic>> readers) => _readers = readers;

    /// <summary>Those that any family may use: ranges of columns, exact sums, rows that were picked.</summary>
    public static StatisticKinds Shared { get; } =
        new StatisticKinds(ImmutableDictionary<byte, Func<ByteReader, Statistic>>.Empty).With<Ranges>().With<ExactTotals>().With<RowSelection>();

    /// <summary>These and another one.</summary>
    /// <exception cref="ArgumentException">There is one of that number already.</exception>
    public StatisticKinds With<T>()
        where T : Statistic, IStatistic<T>
        => new(_readers.Add(T.Kind, T.Read));

    /// <param name="bytes">What <see cref="Statistic.Encode"/> gave.</param>
    /// <param name="room">A list that sums of its length may be read into; null: none.</param>
    /// <exception cref="InvalidDataException">The bytes are no statistic of these kinds, or damaged.</exception>
    internal Statistic Decode(ReadOnlyMemory<byte> bytes, long[]? room = null)
    {
        var reader = new ByteReader(bytes) { Room = room };
        byte kind = Statistic.ReadKind(reader);
        Statistic statistic = _readers.TryGetValue(kind, out Func<ByteReader, Statistic>? read) ? read(reader)
            : throw new InvalidDataException($"There is no statistic of kind {kind}.");
        reader.End();
        return statistic;
    }
}
