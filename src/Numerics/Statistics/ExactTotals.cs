using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Statistics;

/// <summary>A list of integer sums, the same in whatever order rows and shards are added. What each one counts is the step's affair.</summary>
/// <param name="values">The sums; kept, not copied.</param>
internal sealed class ExactTotals(Int128[] values) : Statistic
{
    public Int128[] Values { get; } = values;

    private protected override Kind Tag => Kind.Totals;

    public override void MergeFrom(Statistic following)
    {
        Int128[] others = ((ExactTotals)following).Values;
        if (others.Length != Values.Length)
            throw new InvalidDataException($"{others.Length} sums do not add to {Values.Length}.");
        for (int i = 0; i < others.Length; i++)
            Values[i] = checked(Values[i] + others[i]);
    }

    private protected override void Write(ByteWriter writer)
    {
        // A shard's sums fit in 64 bits, and so do many merged ones: half the message.
        bool narrow = Array.TrueForAll(Values, value => value >= long.MinValue && value <= long.MaxValue);
        writer.Boolean(narrow);
        writer.Int32(Values.Length);
        foreach (Int128 value in Values)
        {
            if (narrow)
                writer.Int64((long)value);
            else
                writer.Int128(value);
        }
    }

    public static ExactTotals Read(ByteReader reader)
    {
        bool narrow = reader.Boolean();
        var values = new Int128[reader.Length(narrow ? 8 : 16)];
        for (int i = 0; i < values.Length; i++)
            values[i] = narrow ? reader.Int64() : reader.Int128();
        return new ExactTotals(values);
    }
}
