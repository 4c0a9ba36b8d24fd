using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Monitoring;

/// <summary>
/// What rows look like that somebody asked about, to be compared with a profile or with others: values of each column, rows of each cluster, scores, and some
/// rows that are far from every cluster. Parts merge in any grouping; the size depends on columns, clusters and bins alone.
/// </summary>
public sealed class ObservedRows : Statistic, IStatistic<ObservedRows>
{
    /// <summary>Rows that are counted together, the unit of arithmetic.</summary>
    private const int ChunkRows = 4096;

    /// <summary>Stands where the first encoding has the number of rows.</summary>
    private const long Second = -2;

    private readonly BinCounts[] _columns;
    private readonly BinCounts[] _scores;
    private readonly long[] _clusters;
    private readonly FarRows _far;
    private readonly FixedSums _centred;
    private readonly FixedSums _fits;

    /// <summary>No rows yet.</summary>
    public ObservedRows(ObservationFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        _columns = [.. frame.Columns.Select(bins => new BinCounts(bins.Count))];
        _scores = [.. frame.Scores.Select(bins => new BinCounts(bins.Count))];
        (_clusters, _far, _centred, _fits) = (new long[frame.K], new FarRows(), new FixedSums(), new FixedSums());
    }

    private ObservedRows(BinCounts[] columns, BinCounts[] scores, long[] clusters, FarRows far, FixedSums centred, FixedSums fits) =>
        (_columns, _scores, _clusters, _far, _centred, _fits) = (columns, scores, clusters, far, centred, fits);

    public static byte Kind => 6;

    /// <summary>What somebody told of rows.</summary>
    public static ObservedRows Of(long rows, BinCounts[] columns, BinCounts[] scores, long[] clusters, long far) =>
        new(columns, scores, clusters, FarRows.Of(far), new FixedSums(), new FixedSums()) { Rows = rows };

    /// <summary>Values of the columns of rows, by the same bits however many threads count.</summary>
    public static ObservedRows OfColumns(RowBlock rows, ObservationFrame frame, IParallel parallel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(parallel);
        var chunks = new ObservedRows[Math.Max(1, (rows.Rows + ChunkRows - 1) / ChunkRows)];
        parallel.For(chunks.Length, chunk =>
        {
            cancellation.ThrowIfCancellationRequested();
            chunks[chunk] = new ObservedRows(frame);
            int first = chunk * ChunkRows;
            chunks[chunk].Take(frame, rows.Slice(first, Math.Min(ChunkRows, rows.Rows - first)), null, [], []);
        });
        foreach (ObservedRows following in chunks.Skip(1))
            chunks[0].MergeFrom(following);
        return chunks[0];
    }

    /// <summary>Rows taken in.</summary>
    public long Rows { get; private set; }

    /// <summary>Values of each column.</summary>
    public IReadOnlyList<BinCounts> Columns => _columns;

    /// <summary>Values of each score.</summary>
    public IReadOnlyList<BinCounts> Scores => _scores;

    /// <summary>Rows of each cluster, in the order of the parameters.</summary>
    public ReadOnlySpan<long> Clusters => _clusters;

    /// <summary>Rows that are far from every cluster.</summary>
    public FarRows Far => _far;

    /// <summary>Sums of the differences of each cluster's rows to its centre, in units of the reference; empty: nobody told.</summary>
    public FixedSums Centred => _centred;

    /// <summary>Sums of how well rows fit, as <see cref="FitReference"/> has them; empty: nobody told.</summary>
    public FixedSums Fits => _fits;

    protected override byte Tag => Kind;

    /// <summary>Takes rows in, one after the other.</summary>
    /// <param name="frame">What they are counted by.</param>
    /// <param name="rows">The rows, of the frame's columns; null: it has none.</param>
    /// <param name="seen">The same rows as the model sees them; null: nobody asks which are far.</param>
    /// <param name="clusters">The cluster of each, a place in the parameters; −1: none. Empty: nobody told.</param>
    /// <param name="scores">For each of the frame's scores one value a row; the first is the distance to the centre of its cluster.</param>
    /// <param name="fits">Tells how well they fit their clusters; null: nobody asks.</param>
    /// <param name="keepsFar">Whether some of the far rows are kept; else they are counted.</param>
    public void Take(
        ObservationFrame frame, RowBlock? rows, RowBlock? seen, ReadOnlySpan<int> clusters, double[][] scores, RowFits? fits = null, bool keepsFar = true)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(scores);
        int count = rows?.Rows ?? seen?.Rows ?? 0;
        var values = new double[rows?.Columns ?? 0];
        var far = new double[seen?.Columns ?? 0];
        Span<double> told = stackalloc double[scores.Length];
        for (int i = 0; i < count; i++)
        {
            rows?.CopyRow(i, values);
            for (int j = 0; j < values.Length; j++)
                _columns[j].Add(frame.Columns[j], values[j]);
            for (int s = 0; s < told.Length; s++)
                _scores[s].Add(frame.Scores[s], told[s] = scores[s][i]);
            if (!clusters.IsEmpty && clusters[i] >= 0)
                _clusters[clusters[i]]++;
            if (seen is null)
                continue;
            seen.CopyRow(i, far);
            fits?.Take(_centred, _fits, far, clusters[i], told, fits.Takes(i, count));
            if (!frame.IsFar(told))
                continue;
            if (keepsFar)
                _far.Add(far, told[0]);
            else
                _far.Pass();
        }

        Rows += count;
    }

    public override void MergeFrom(Statistic following)
    {
        ObservedRows other = following.As<ObservedRows>();
        if (other._columns.Length != _columns.Length || other._scores.Length != _scores.Length || other._clusters.Length != _clusters.Length)
            throw new InvalidDataException("Rows observed under two models do not merge.");
        Rows += other.Rows;
        for (int j = 0; j < _columns.Length; j++)
            _columns[j].MergeFrom(other._columns[j]);
        for (int s = 0; s < _scores.Length; s++)
            _scores[s].MergeFrom(other._scores[s]);
        for (int c = 0; c < _clusters.Length; c++)
            _clusters[c] += other._clusters[c];
        _far.MergeFrom(other._far);
        _centred.MergeFrom(other._centred);
        _fits.MergeFrom(other._fits);
    }

    protected override void Write(ByteWriter writer)
    {
        writer.Int64(Second);
        writer.Int64(Rows);
        foreach (BinCounts[] counts in (ReadOnlySpan<BinCounts[]>)[_columns, _scores])
        {
            writer.Int32(counts.Length);
            foreach (BinCounts one in counts)
                one.Write(writer);
        }

        writer.Shorts(_clusters);
        _far.Write(writer);
        _centred.Write(writer);
        _fits.Write(writer);
    }

    public static ObservedRows Read(ByteReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        long rows = reader.Int64();
        if (rows != Second)
        {
            (BinCounts[] first, BinCounts[] told) = (Counts(reader, BinCounts.ReadFirst, 68), Counts(reader, BinCounts.ReadFirst, 68));
            return new ObservedRows(first, told, reader.Int64s(reader.Length(sizeof(long))), FarRows.Read(reader), new FixedSums(), new FixedSums())
            {
                Rows = rows,
            };
        }

        rows = reader.Int64();
        (BinCounts[] columns, BinCounts[] scores) = (Counts(reader, BinCounts.Read, 40), Counts(reader, BinCounts.Read, 40));
        return new ObservedRows(columns, scores, reader.Shorts(), FarRows.Read(reader), FixedSums.Read(reader), FixedSums.Read(reader)) { Rows = rows };
    }

    private static BinCounts[] Counts(ByteReader reader, Func<ByteReader, BinCounts> read, int leastBytes)
    {
        var counts = new BinCounts[reader.Length(leastBytes)];
        for (int i = 0; i < counts.Length; i++)
            counts[i] = read(reader);
        return counts;
    }
}
