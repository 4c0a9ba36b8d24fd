using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Statistics;

/// <summary>What a step computes from rows: it accumulates over a shard, merges with its neighbours', and is finished by the trainer.</summary>
public abstract class Statistic
{
    private const string Magic = "OCST";
    private const byte Version = 1;

    /// <summary>The kind that its encoding bears: <see cref="IStatistic{TSelf}.Kind"/>.</summary>
    protected abstract byte Tag { get; }

    /// <summary>Takes in the statistic of the rows that follow this one's.</summary>
    /// <exception cref="InvalidDataException">It is of another step.</exception>
    public abstract void MergeFrom(Statistic following);

    /// <summary>Writes what <see cref="IStatistic{TSelf}.Read"/> reads.</summary>
    protected abstract void Write(ByteWriter writer);

    /// <summary><c>OCST</c>, version, kind, then what the kind writes.</summary>
    public PooledBytes Encode()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        writer.Byte(Tag);
        Write(writer);
        return writer.ToPooled();
    }

    /// <summary>Decodes a statistic that must be of one kind.</summary>
    /// <exception cref="InvalidDataException">It is of another, or damaged.</exception>
    public static T Decode<T>(ReadOnlyMemory<byte> bytes)
        where T : Statistic, IStatistic<T>
    {
        var reader = new ByteReader(bytes);
        T statistic = ReadKind(reader) == T.Kind ? T.Read(reader) : throw Not<T>();
        reader.End();
        return statistic;
    }

    /// <summary>This, which must be of one kind.</summary>
    /// <exception cref="InvalidDataException">It is of another.</exception>
    public T As<T>()
        where T : Statistic
        => this as T ?? throw Not<T>();

    /// <summary>Reads as far as to the kind.</summary>
    /// <exception cref="InvalidDataException">The bytes are no statistic.</exception>
    internal static byte ReadKind(ByteReader reader)
    {
        reader.Header(Magic, Version);
        return reader.Byte();
    }

    private static InvalidDataException Not<T>() => new($"The statistic is not a {typeof(T).Name}.");
}

/// <summary>How a kind of statistic is told from others, and read.</summary>
/// <typeparam name="TSelf">The statistic.</typeparam>
public interface IStatistic<TSelf>
    where TSelf : Statistic, IStatistic<TSelf>
{
    /// <summary>What its encoding bears: a number of its own among the kinds of its family. Those below 16 belong to all families.</summary>
    static abstract byte Kind { get; }

    /// <summary>Reads what <see cref="Statistic.Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    static abstract TSelf Read(ByteReader reader);
}
