using System.Collections.Immutable;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>
/// What rows look like under a model, to compare others with: values of each column, rows of each cluster, scores. Counts are of rows, whatever they weigh. Means and squared
/// deviations merge after Chan, Golub and LeVeque (1979), always left before right, so that one fixed tree gives one result.
/// </summary>
public sealed class RowProfile : Statistic, IStatistic<RowProfile>
{
    private readonly double[] means;
    private readonly double[] squares;
    private readonly long[] histogram;
    private readonly long[] clusters;
    private readonly ValueCounts[] scores;

    internal RowProfile(ProfileFrame frame)
        : this(new double[frame.Columns], new double[frame.Columns], new long[frame.Columns * ProfileFrame.Bins], new long[frame.K], new ValueCounts[frame.Scores])
    {
        for (int i = 0; i < scores.Length; i++)
            scores[i] = new ValueCounts();
    }

    private RowProfile(double[] means, double[] squares, long[] histogram, long[] clusters, ValueCounts[] scores) =>
        (this.means, this.squares, this.histogram, this.clusters, this.scores) = (means, squares, histogram, clusters, scores);

    public static byte Kind => 5;

    /// <summary>Rows taken in.</summary>
    public long Rows { get; private set; }

    /// <summary>Plain mean of each column.</summary>
    public ReadOnlySpan<double> Means => means;

    /// <summary>Rows of each cluster, in the order of the parameters. Rows without a cluster are in none.</summary>
    public ReadOnlySpan<long> Clusters => clusters;

    protected override byte Tag => Kind;

    /// <summary>Standard deviation of a column, over n.</summary>
    public double Deviation(int column) => Rows == 0 ? 0 : Math.Sqrt(squares[column] / Rows);

    /// <summary>Rows in each of a column's bins.</summary>
    public ReadOnlySpan<long> Histogram(int column) => histogram.AsSpan(column * ProfileFrame.Bins, ProfileFrame.Bins);

    /// <summary>Rows by a score: bins that hold any, ascending, each with the greatest value it can hold.</summary>
    public ImmutableArray<(double Edge, long Count)> Scores(int score) => scores[score].Bins;

    internal void Take(ProfileFrame frame, ReadOnlySpan<double> row, int cluster, ReadOnlySpan<double> told)
    {
        Rows++;
        for (int j = 0; j < row.Length; j++)
        {
            double apart = row[j] - means[j];
            means[j] += apart / Rows;
            squares[j] += apart * (row[j] - means[j]);
            histogram[(j * ProfileFrame.Bins) + frame.Bin(j, row[j])]++;
        }

        if (cluster >= 0)
            clusters[cluster]++;
        for (int i = 0; i < told.Length; i++)
            scores[i].Add(told[i]);
    }

    public override void MergeFrom(Statistic following)
    {
        RowProfile other = following.As<RowProfile>();
        if (other.means.Length != means.Length || other.clusters.Length != clusters.Length || other.scores.Length != scores.Length)
            throw new InvalidDataException("Profiles of two models do not merge.");
        long rows = Rows + other.Rows;
        for (int j = 0; j < means.Length && rows > 0; j++)
        {
            double apart = other.means[j] - means[j], share = (double)other.Rows / rows;
            means[j] += apart * share;
            squares[j] += other.squares[j] + (apart * apart * Rows * share);
        }

        Rows = rows;
        Add(histogram, other.histogram);
        Add(clusters, other.clusters);
        for (int i = 0; i < scores.Length; i++)
            scores[i].MergeFrom(other.scores[i]);
    }

    private static void Add(long[] to, long[] from)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += from[i];
    }

    protected override void Write(ByteWriter writer)
    {
        writer.Int64(Rows);
        writer.Doubles(means);
        writer.Doubles(squares);
        writer.Int32(clusters.Length);
        writer.Int64s(clusters);
        writer.Int64s(histogram);
        writer.Int32(scores.Length);
        foreach (ValueCounts counts in scores)
            counts.Write(writer);
    }

    public static RowProfile Read(ByteReader reader)
    {
        long rows = reader.Int64();
        (double[] means, double[] squares) = (reader.Doubles(), reader.Doubles());
        long[] clusters = reader.Int64s(reader.Length(sizeof(long)));
        long[] histogram = reader.Int64s(checked(means.Length * ProfileFrame.Bins));
        var scores = new ValueCounts[reader.Length(sizeof(int))];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = ValueCounts.Read(reader);
        return squares.Length == means.Length ? new RowProfile(means, squares, histogram, clusters, scores) { Rows = rows } : throw new InvalidDataException("The profile is damaged: its lengths do not agree.");
    }
}
