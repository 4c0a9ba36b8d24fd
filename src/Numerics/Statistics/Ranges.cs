using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Statistics;

/// <summary>How many rows there are and between which values the columns lie, over rows of positive weight.</summary>
internal sealed class Ranges : Statistic, IStatistic<Ranges>
{
    public Ranges(int columns)
    {
        Minima = new double[columns];
        Maxima = new double[columns];
        Array.Fill(Minima, double.PositiveInfinity);
        Array.Fill(Maxima, double.NegativeInfinity);
    }

    private Ranges(double[] minima, double[] maxima) => (Minima, Maxima) = (minima, maxima);

    public long Rows { get; set; }

    public long PositiveRows { get; set; }

    /// <summary>Least value of each column; +∞ without rows.</summary>
    public double[] Minima { get; }

    /// <summary>Greatest value of each column; −∞ without rows.</summary>
    public double[] Maxima { get; }

    public double GreatestWeight { get; set; }

    /// <summary>Greatest total weight of a shard, rounded up.</summary>
    public double GreatestShardWeight { get; set; }

    public static byte Kind => 1;

    protected override byte Tag => Kind;

    public override void MergeFrom(Statistic following)
    {
        var other = (Ranges)following;
        Rows += other.Rows;
        PositiveRows += other.PositiveRows;
        GreatestWeight = Math.Max(GreatestWeight, other.GreatestWeight);
        GreatestShardWeight = Math.Max(GreatestShardWeight, other.GreatestShardWeight);
        for (int j = 0; j < Minima.Length; j++)
        {
            Minima[j] = Math.Min(Minima[j], other.Minima[j]);
            Maxima[j] = Math.Max(Maxima[j], other.Maxima[j]);
        }
    }

    protected override void Write(ByteWriter writer)
    {
        writer.Int64(Rows);
        writer.Int64(PositiveRows);
        writer.Double(GreatestWeight);
        writer.Double(GreatestShardWeight);
        writer.Doubles(Minima);
        writer.Doubles(Maxima);
    }

    public static Ranges Read(ByteReader reader)
    {
        (long rows, long positive, double weight, double shard) = (reader.Int64(), reader.Int64(), reader.Double(), reader.Double());
        return new Ranges(reader.Doubles(), reader.Doubles())
        {
            Rows = rows,
            PositiveRows = positive,
            GreatestWeight = weight,
            GreatestShardWeight = shard,
        };
    }
}
