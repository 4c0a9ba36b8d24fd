using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>
/// Makes profiles of the sparse rows of a shard: those of the rows made dense, to the bit. Values are counted at a cost of entries, and zeros by the number of
/// rows; moments, whose bits follow from every row, of the columns that are profiled alone.
/// </summary>
public static class SparseProfiler
{
    /// <summary>Most columns that are profiled; of more, those whose values vary most.</summary>
    public const int MostColumns = 256;

    /// <summary>The profile of rows under a model, the same however many threads make it.</summary>
    /// <param name="rows">Finite rows.</param>
    /// <param name="frame">What is counted by.</param>
    /// <param name="columns">The columns that the frame is of, ascending; empty: all.</param>
    /// <param name="model">The model, in all columns.</param>
    /// <param name="parallel">Where chunks run.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidDataException">The frame is of other columns.</exception>
    public static RowProfile Profile(
        SparseBlock rows, ProfileFrame frame, int[] columns, ISparseProfiledModel model, IParallel parallel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(parallel);
        if (frame.Columns != (columns.Length == 0 ? rows.Columns : columns.Length))
            throw new InvalidDataException($"A profile of {frame.Columns} columns for {columns.Length} of {rows.Columns}.");
        var clusters = new int[rows.Rows];
        double[][] scores = [.. Enumerable.Range(0, frame.Scores).Select(_ => new double[rows.Rows])];
        model.Tell(rows, clusters, scores, parallel);
        int[] places = Places(rows.Columns, columns);
        ChosenCentres? chosen = model.Centres is { } centres ? new ChosenCentres(centres, columns.Length == 0 ? places : columns) : null;
        var chunks = new RowProfile[Math.Max(1, (rows.Rows + Profiler.ChunkRows - 1) / Profiler.ChunkRows)];
        parallel.For(chunks.Length, chunk =>
        {
            cancellation.ThrowIfCancellationRequested();
            int first = chunk * Profiler.ChunkRows;
            var part = new Part(rows, frame, places, model, chosen);
            Span<double> told = stackalloc double[frame.Scores];
            for (int i = first; i < Math.Min(rows.Rows, first + Profiler.ChunkRows); i++)
            {
                for (int score = 0; score < told.Length; score++)
                    told[score] = scores[score][i];
                part.Take(i, clusters[i], told);
            }

            chunks[chunk] = part.Profile();
        });
        return Profiler.Merge(chunks, 0, chunks.Length);
    }

    /// <summary>The place of each column among those that are profiled; −1: it is not.</summary>
    private static int[] Places(int all, int[] columns)
    {
        if (columns.Length == 0)
            return [.. Enumerable.Range(0, all)];
        var places = new int[all];
        Array.Fill(places, -1);
        for (int place = 0; place < columns.Length; place++)
            places[columns[place]] = place;
        return places;
    }

    /// <summary>The rows of a chunk.</summary>
    private sealed class Part(SparseBlock rows, ProfileFrame frame, int[] places, IProfiledModel model, ChosenCentres? chosen)
    {
        private readonly RowProfile _profile = new(frame, chosen is null ? 0 : CentreFits.Kept(frame.K, frame.Columns));
        private readonly CentreFits? _fits = model.Centres is { } centres ? new CentreFits(centres) : null;
        private readonly double[] _values = new double[rows.LongestRow];
        private readonly double[] _row = new double[frame.Columns];
        private readonly double[] _differences = new double[frame.Columns];
        private readonly double[] _whole = new double[rows.Columns];
        private readonly int[] _known = new int[Math.Min(rows.LongestRow, frame.Columns)];

        public void Take(int row, int cluster, ReadOnlySpan<double> told)
        {
            ReadOnlySpan<uint> columns = rows.ColumnsOf(row);
            rows.CopyValues(row, _values);
            int known = 0;
            for (int i = 0; i < columns.Length; i++)
            {
                if (places[columns[i]] is >= 0 and var place)
                    (_known[known++], _row[place]) = (place, _values[i]);
            }

            _profile.Take(frame, _row, _known.AsSpan(0, known), cluster, told);
            _profile.Take(RowProfile.Losses, model.Loss(told));
            if (_fits is not null && cluster >= 0)
                TakeFit(_fits, row, cluster);
            for (int i = 0; i < known; i++)
                _row[_known[i]] = 0;
        }

        public RowProfile Profile()
        {
            _profile.TakeZeros(frame);
            return _profile;
        }

        private void TakeFit(CentreFits fits, int row, int cluster)
        {
            if (_profile.Centred.Groups > 0)
            {
                chosen!.Subtract(cluster, _row, _differences);
                _profile.Take(cluster, _differences);
            }

            if (!fits.Takes(row, rows.Rows))
                return;
            rows.CopyRow(row, _whole);
            _profile.Take(RowProfile.Silhouettes, fits.Silhouette(_whole, cluster));
        }
    }
}
