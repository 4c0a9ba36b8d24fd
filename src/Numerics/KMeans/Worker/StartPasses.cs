using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>The passes over a shard that find starting centres.</summary>
/// <param name="reader">The shard's rows.</param>
/// <param name="width">Vector width.</param>
/// <param name="geometry">Where the rows lie.</param>
/// <param name="sparse">Of sparse rows: their nearest centres.</param>
internal sealed unsafe class StartPasses(RowReader reader, SimdWidth width, KMeansGeometry geometry, ISparseNearest? sparse = null)
{
    private readonly INearest _nearest = sparse ?? (INearest)new NearestCache(reader);
    private readonly RowRace _racing = new(reader, width);
    private readonly DrawKernel _drawing = DrawKernel.For(width);
    private readonly PotentialKernel _summing = PotentialKernel.For(width);

    public RowSelection Race(RaceStep step, Work work)
    {
        _nearest.Update(step.Centroids, work);
        return Pick(step.Count, work, (ranks, start, end) => _racing.Run(step.Draws, step.Frame, _nearest.Squared, start, end, ranks));
    }

    public ExactTotals Potential(PotentialStep step, Work work)
    {
        _nearest.Update(step.Centroids, work);
        if (sparse is not null && step.Candidates.Length > 0)
            return SparsePotential(sparse, step, work);
        var candidates = new PotentialKernel.Candidates(step.Candidates, reader.Columns);
        return new ExactTotals(reader.SumSlices(Math.Max(1, candidates.Count), work, (own, start, end) =>
        {
            fixed (double* squared = _nearest.Squared[start..], weights = reader.WeightsFrom(start))
            {
                var terms = new PotentialKernel.Terms(end - start, squared, weights, step.Frame.WeightScale, step.Unit);
                if (candidates.Count == 0)
                    own[0] = _summing.Sum(terms);
                else
                    Add(start, terms, candidates, own);
            }
        }));
    }

    private ExactTotals SparsePotential(ISparseNearest nearest, PotentialStep step, Work work)
        => new(reader.SumSlices(step.Candidates.Length / reader.Columns, work, (own, start, end) =>
            nearest.Left(step.Candidates, start, end, (candidate, squared) =>
            {
                fixed (double* left = squared, weights = reader.WeightsFrom(start))
                    own[candidate] += _summing.Sum(new PotentialKernel.Terms(end - start, left, weights, step.Frame.WeightScale, step.Unit));
            })));

    private void Add(int start, PotentialKernel.Terms terms, PotentialKernel.Candidates candidates, Int128[] sums)
    {
        long first = (long)start * reader.Block.Columns;
        var scratch = new double[PotentialKernel.RowsTogether * reader.Block.Columns];
        fixed (double* doubles = reader.Block.Float64.Span, room = scratch)
        fixed (float* singles = reader.Block.Float32.Span)
        {
            if (singles != null)
                _summing.Add(singles + first, terms, candidates, room, sums);
            else
                _summing.Add(doubles + first, terms, candidates, room, sums);
        }
    }

    public RowSelection Sample(SampleStep step, Work work)
    {
        _nearest.Update(step.Centroids, work);
        var taken = new List<SelectedRow>();
        reader.ForSlices(work, (_, start, end) =>
        {
            int* rows = stackalloc int[RowReader.SliceRows];
            int count;
            fixed (double* squared = _nearest.Squared, weights = reader.Weights.Span)
            {
                var rates = new DrawKernel.Rates(reader.Id(start), end - start, squared + start, weights == null ? null : weights + start);
                count = _drawing.Sample(rates, step.Draws, step.Potential, step.Oversampling, rows);
            }

            for (int i = 0; i < count; i++)
            {
                int row = start + rows[i];
                if (step.Frame.QuantizeWeight(reader.Weight(row)) == 0)
                    continue;
                SelectedRow selected = Materialise(row, 0);
                lock (taken)
                    taken.Add(selected);
            }
        });
        return new RowSelection(int.MaxValue, taken);
    }

    public ExactTotals Weigh(WeighStep step, Work work)
    {
        _nearest.Update(step.Centroids, work);
        int count = step.Centroids.Length / reader.Columns;
        return new ExactTotals(reader.CountSlices(count, work, (own, start, end) =>
        {
            ReadOnlySpan<int> labels = _nearest.Labels[start..end];
            ReadOnlySpan<double> weights = reader.WeightsFrom(start);
            long one = step.Frame.QuantizeWeight(1);
            for (int i = 0; i < labels.Length; i++)
                own[labels[i]] += weights.IsEmpty ? one : step.Frame.QuantizeWeight(weights[i]);
        }));
    }

    /// <summary>The rows farthest from their centre, except those that their centre cannot be told from.</summary>
    public RowSelection Farthest(FarthestStep step, Work work)
    {
        int d = reader.Columns;
        _nearest.Update(step.Centroids, work);
        return Pick(step.Count, work, (ranks, start, end) =>
        {
            for (int i = start; i < end; i++)
            {
                double squared = _nearest.Squared[i];
                double weight = reader.Weight(i);
                if (squared == 0 || -squared >= ranks.Latest || step.Frame.QuantizeWeight(weight) == 0)
                    continue;
                if (!OnGrid(step.Frame, reader.Row(i), weight, step.Centroids.AsSpan(_nearest.Labels[i] * d, d)))
                    ranks.Offer(i, -squared);
            }
        });
    }

    /// <summary>Whether a cluster of this row alone would have just this centre.</summary>
    private bool OnGrid(ColumnFrame frame, double[] row, double weight, ReadOnlySpan<double> centre)
    {
        long units = frame.QuantizeWeight(weight);
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = frame.Mean(j, frame.Quantize(j, row[j], weight), units);
            if (row[j] != centre[j] && geometry == KMeansGeometry.Euclidean)
                return false;
        }

        if (geometry == KMeansGeometry.Sphere)
            Direction.FindOfMean(row);
        return centre.SequenceEqual(row);
    }

    private RowSelection Pick(int count, Work work, Action<LeastRanks, int, int> offer)
    {
        // Few long runs of slices: a bar that is high early spares most of the work behind it.
        int runs = Math.Clamp(reader.Slices, 1, work.Parallel.Workers);
        var selections = new RowSelection[runs];
        work.Parallel.For(runs, run =>
        {
            var ranks = new LeastRanks(count);
            for (int slice = (int)((long)reader.Slices * run / runs); slice < (int)((long)reader.Slices * (run + 1) / runs); slice++)
            {
                work.Cancellation.ThrowIfCancellationRequested();
                (int start, int end) = reader.Slice(slice);
                offer(ranks, start, end);
            }

            selections[run] = new RowSelection(count, ranks.Select(Materialise));
        });
        for (int run = 1; run < runs; run++)
            selections[0].MergeFrom(selections[run]);
        return selections[0];
    }

    private SelectedRow Materialise(int row, double rank)
        => new(rank, reader.Id(row), reader.Weight(row), _nearest.IsEmpty ? -1 : _nearest.Labels[row], reader.Row(row));
}
