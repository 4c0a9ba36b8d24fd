using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>
/// What rows look like under a model, to compare others with: values of each column, rows of each cluster, scores. Counts are of rows, whatever they weigh.
/// Means and squared deviations merge after Chan, Golub and LeVeque (1979), always left before right, so that one fixed tree gives one result.
/// </summary>
public sealed class RowProfile : Statistic, IStatistic<RowProfile>
{
    /// <summary>The place of what <see cref="IProfiledModel.Loss"/> tells in <see cref="Fits"/>.</summary>
    public const int Losses = 0;

    /// <summary>The place of the simplified silhouettes in <see cref="Fits"/>.</summary>
    public const int Silhouettes = 1;

    private readonly double[] _means;
    private readonly double[] _squares;
    private readonly long[] _histogram;
    private readonly long[] _clusters;
    private readonly ValueCounts[] _scores;

    /// <param name="frame">What is counted by.</param>
    /// <param name="kept">Clusters whose moments are kept: all or none.</param>
    internal RowProfile(ProfileFrame frame, int kept)
        : this(
            new double[frame.Columns], new double[frame.Columns], new long[frame.Columns * ProfileFrame.Bins], new long[frame.K], new ValueCounts[frame.Scores])
    {
        Centred = new Moments(kept, frame.Columns);
        for (int i = 0; i < _scores.Length; i++)
            _scores[i] = new ValueCounts();
    }

    private RowProfile(double[] means, double[] squares, long[] histogram, long[] clusters, ValueCounts[] scores) =>
        (_means, _squares, _histogram, _clusters, _scores) = (means, squares, histogram, clusters, scores);

    public static byte Kind => 5;

    /// <summary>Rows taken in.</summary>
    public long Rows { get; private set; }

    /// <summary>Plain mean of each column.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>Rows of each cluster, in the order of the parameters. Rows without a cluster are in none.</summary>
    public ReadOnlySpan<long> Clusters => _clusters;

    /// <summary>Of each cluster, differences of its rows to its centre; of no cluster where there are no centres, or too many values.</summary>
    public Moments Centred { get; private init; } = new(0, 0);

    /// <summary>How well rows fit: their losses, and the silhouettes of some.</summary>
    public Moments Fits { get; private init; } = new(2, 1);

    protected override byte Tag => Kind;

    /// <summary>Standard deviation of a column, over n.</summary>
    public double Deviation(int column) => Rows == 0 ? 0 : Math.Sqrt(_squares[column] / Rows);

    /// <summary>Rows in each of a column's bins.</summary>
    public ReadOnlySpan<long> Histogram(int column) => _histogram.AsSpan(column * ProfileFrame.Bins, ProfileFrame.Bins);

    /// <summary>Rows by a score: bins that hold any, ascending, each with the greatest value it can hold.</summary>
    public ImmutableArray<(double Edge, long Count)> Scores(int score) => _scores[score].Bins;

    /// <param name="frame">What is counted by.</param>
    /// <param name="row">The row.</param>
    /// <param name="cluster">Its cluster; below 0: none.</param>
    /// <param name="told">Its scores.</param>
    /// <param name="places">Scratch: as many values as a row has.</param>
    internal void Take(ProfileFrame frame, ReadOnlySpan<double> row, int cluster, ReadOnlySpan<double> told, Span<double> places)
    {
        Rows++;
        TakeMoments(row);
        frame.Places(row, places);
        long[] histogram = _histogram;
        for (int j = 0, bins = 0; j < places.Length; j++, bins += ProfileFrame.Bins)
            histogram[bins + (int)places[j]]++;
        if (cluster >= 0)
            _clusters[cluster]++;
        for (int i = 0; i < told.Length; i++)
            _scores[i].Add(told[i]);
    }

    /// <summary>Takes a sparse row in. When all are taken, <see cref="TakeZeros"/> counts what they have not.</summary>
    /// <param name="frame">What is counted by.</param>
    /// <param name="row">The row with its zeros.</param>
    /// <param name="known">Where it has others.</param>
    /// <param name="cluster">Its cluster; below 0: none.</param>
    /// <param name="told">Its scores.</param>
    internal void Take(ProfileFrame frame, ReadOnlySpan<double> row, ReadOnlySpan<int> known, int cluster, ReadOnlySpan<double> told)
    {
        Rows++;
        TakeMoments(row);
        foreach (int j in known)
            _histogram[(j * ProfileFrame.Bins) + ProfileFrame.Bin(frame.Minima[j], frame.Maxima[j], row[j])]++;
        if (cluster >= 0)
            _clusters[cluster]++;
        for (int i = 0; i < told.Length; i++)
            _scores[i].Add(told[i]);
    }

    /// <summary>Counts the zeros of sparse rows: what a column has not counted of its rows yet.</summary>
    internal void TakeZeros(ProfileFrame frame)
    {
        for (int j = 0; j < frame.Columns; j++)
        {
            Span<long> counts = _histogram.AsSpan(j * ProfileFrame.Bins, ProfileFrame.Bins);
            long counted = 0;
            foreach (long count in counts)
                counted += count;
            counts[ProfileFrame.Bin(frame.Minima[j], frame.Maxima[j], 0)] += Rows - counted;
        }
    }

    /// <summary>Columns beside each other at once: each exactly as alone.</summary>
    private void TakeMoments(ReadOnlySpan<double> row)
    {
        Span<double> means = _means.AsSpan(0, row.Length), squares = _squares.AsSpan(0, row.Length);
        Vector256<double> rows = Vector256.Create((double)Rows);
        int j = 0;
        for (; j <= row.Length - Vector256<double>.Count; j += Vector256<double>.Count)
        {
            Vector256<double> value = Vector256.Create(row[j..]), mean = Vector256.Create<double>(means[j..]), apart = value - mean;
            mean += apart / rows;
            mean.CopyTo(means[j..]);
            (Vector256.Create<double>(squares[j..]) + (apart * (value - mean))).CopyTo(squares[j..]);
        }

        for (; j < row.Length; j++)
        {
            double apart = row[j] - means[j];
            means[j] += apart / Rows;
            squares[j] += apart * (row[j] - means[j]);
        }
    }

    /// <summary>Takes the differences of a row to its centre in.</summary>
    internal void Take(int cluster, ReadOnlySpan<double> differences) => Centred.Take(cluster, differences);

    /// <summary>Takes in how well a row fits; what is not finite is passed over.</summary>
    internal void Take(int fit, double value)
    {
        if (double.IsFinite(value))
            Fits.Take(fit, [value]);
    }

    public override void MergeFrom(Statistic following)
    {
        RowProfile other = following.As<RowProfile>();
        if (other._means.Length != _means.Length || other._clusters.Length != _clusters.Length || other._scores.Length != _scores.Length)
            throw new InvalidDataException("Profiles of two models do not merge.");
        long rows = Rows + other.Rows;
        for (int j = 0; j < _means.Length && rows > 0; j++)
        {
            double apart = other._means[j] - _means[j], share = (double)other.Rows / rows;
            _means[j] += apart * share;
            _squares[j] += other._squares[j] + (apart * apart * Rows * share);
        }

        Rows = rows;
        Add(_histogram, other._histogram);
        Add(_clusters, other._clusters);
        for (int i = 0; i < _scores.Length; i++)
            _scores[i].MergeFrom(other._scores[i]);
        Centred.MergeFrom(other.Centred);
        Fits.MergeFrom(other.Fits);
    }

    private static void Add(long[] to, long[] from)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += from[i];
    }

    protected override void Write(ByteWriter writer)
    {
        writer.Int64(Rows);
        writer.Doubles(_means);
        writer.Doubles(_squares);
        writer.Int32(_clusters.Length);
        writer.Int64s(_clusters);
        writer.Int64s(_histogram);
        writer.Int32(_scores.Length);
        foreach (ValueCounts counts in _scores)
            counts.Write(writer);
        Centred.Write(writer);
        Fits.Write(writer);
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
        return squares.Length == means.Length ? new RowProfile(means, squares, histogram, clusters, scores)
        { Rows = rows, Centred = Moments.Read(reader), Fits = Moments.Read(reader) }
            : throw new InvalidDataException("The profile is damaged: its lengths do not agree.");
    }
}
