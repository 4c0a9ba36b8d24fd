using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Statistics;

/// <summary>What a step computes from rows: it accumulates over a shard, merges with its neighbours', and is finished by the trainer.</summary>
internal abstract class Statistic
{
    private const string Magic = "OCST";
    private const byte Version = 1;

    private protected enum Kind : byte
    {
        Ranges = 1,
        Totals = 2,
        Selection = 3,
        Dispersions = 4,
        ComponentMoments = 16,
        MixtureSummary = 17,
    }

    private protected abstract Kind Tag { get; }

    /// <summary>Takes in the statistic of the rows that follow this one's.</summary>
    public abstract void MergeFrom(Statistic following);

    private protected abstract void Write(ByteWriter writer);

    public PooledBytes Encode()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        writer.Byte((byte)Tag);
        Write(writer);
        return writer.ToPooled();
    }

    /// <param name="bytes">What <see cref="Encode"/> gave.</param>
    /// <param name="room">A list that sums of its length may be read into; null: none.</param>
    /// <exception cref="InvalidDataException">The bytes are no statistic, or damaged.</exception>
    public static Statistic Decode(ReadOnlyMemory<byte> bytes, long[]? room = null)
    {
        var reader = new ByteReader(bytes);
        reader.Header(Magic, Version);
        var kind = (Kind)reader.Byte();
        Statistic statistic = kind switch
        {
            Kind.Ranges => Ranges.Read(reader),
            Kind.Totals => ExactTotals.Read(reader, room),
            Kind.Selection => RowSelection.Read(reader),
            Kind.Dispersions => Dispersions.Read(reader),
            Kind.ComponentMoments => ComponentMoments.Read(reader),
            Kind.MixtureSummary => MixtureSummary.Read(reader),
            _ => throw new InvalidDataException($"There is no statistic of kind {(byte)kind}."),
        };
        reader.End();
        return statistic;
    }

    /// <summary>Decodes a statistic that must be of one kind.</summary>
    /// <exception cref="InvalidDataException">It is of another, or damaged.</exception>
    public static T Decode<T>(ReadOnlyMemory<byte> bytes)
        where T : Statistic
        => Decode(bytes).As<T>();

    /// <summary>This, which must be of one kind.</summary>
    /// <exception cref="InvalidDataException">It is of another.</exception>
    public T As<T>()
        where T : Statistic
        => this as T ?? throw new InvalidDataException($"The statistic is not a {typeof(T).Name}.");
}
