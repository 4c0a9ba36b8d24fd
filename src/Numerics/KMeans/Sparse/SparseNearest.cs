using System.Runtime.InteropServices;
using OrleansCluster.Numerics.KMeans.Worker;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.KMeans.Sparse;

/// <summary>
/// The nearest of a growing list of centres for every sparse row, and what candidates would leave of its distance: the answers of <see cref="NearestCache"/>.
/// </summary>
/// <param name="rows">The shard's rows.</param>
/// <param name="reader">The same, in slices.</param>
internal sealed class SparseNearest(SparseBlock rows, RowReader reader) : ISparseNearest
{
    private double[] _centroids = [];
    private int[] _labels = [];
    private double[] _squared = [];
    private (double[] Values, Lazy<SparseCentres> Centres)? _candidates;

    /// <summary>s: coordinates of scores are multiplied by 2^s.</summary>
    public int ScaleExponent { get; set; }

    public bool IsEmpty => _centroids.Length == 0;

    public ReadOnlySpan<int> Labels => IsEmpty ? default : _labels;

    public ReadOnlySpan<double> Squared => IsEmpty ? default : _squared;

    public void Update(double[] wanted, Work work)
    {
        int known = IsPrefix(_centroids, wanted) ? _centroids.Length : 0;
        // What a cancelled pass left behind is of no use.
        _centroids = [];
        if (known < wanted.Length)
        {
            if (_squared.Length != rows.Rows)
                (_labels, _squared) = (new int[rows.Rows], new double[rows.Rows]);
            Append(wanted, known, work);
        }

        _centroids = wanted;
    }

    public void Left(double[] candidates, int start, int end, Action<int, double[]> take)
    {
        // Made once a pass: all slices ask for the same.
        SparseCentres centres = Candidates(candidates);
        var scorer = new SparseScorer(rows, centres);
        double[][] least = [.. Enumerable.Range(0, centres.K).Select(_ => new double[end - start])];
        for (int row = start; row < end; row++)
        {
            double squared = _squared[row];
            for (int c = 0; c < centres.K; c++)
                least[c][row - start] = scorer.MayBeNearer(row, c, squared) ? Math.Min(squared, scorer.Squared(row, c)) : squared;
        }

        for (int c = 0; c < centres.K; c++)
            take(c, least[c]);
    }

    private SparseCentres Candidates(double[] values)
    {
        lock (reader)
        {
            if (_candidates is not { } known || !ReferenceEquals(known.Values, values))
                _candidates = known = (values, new(() => new SparseCentres(values, 0, rows.Columns, ScaleExponent, Parallelism.Sequential.Instance)));
            return known.Centres.Value;
        }
    }

    private void Append(double[] wanted, int known, Work work)
    {
        int before = known / rows.Columns;
        var centres = new SparseCentres(wanted, before, rows.Columns, ScaleExponent, work.Parallel);
        var nearest = new int[rows.Rows];
        reader.ForSlices(work, (_, start, end) =>
        {
            var scorer = new SparseScorer(rows, centres);
            for (int row = start; row < end; row++)
            {
                int best = scorer.Nearest(row);
                // On equal D the earlier centre keeps the row.
                nearest[row] = known == 0 || scorer.MayBeNearer(row, best, _squared[row]) ? best : -1;
            }
        });
        var squared = new double[rows.Rows];
        AssignedDistances.Find(rows, centres.Centroids, nearest, squared, work);
        for (int row = 0; row < nearest.Length; row++)
        {
            if (nearest[row] >= 0 && (known == 0 || squared[row] < _squared[row]))
                (_labels[row], _squared[row]) = (before + nearest[row], squared[row]);
        }
    }

    private static bool IsPrefix(double[] prefix, double[] whole)
        => ReferenceEquals(prefix, whole) || (prefix.Length <= whole.Length
            && MemoryMarshal.AsBytes(prefix.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(whole.AsSpan(0, prefix.Length))));
}
