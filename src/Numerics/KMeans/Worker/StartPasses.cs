using System.Collections.Concurrent;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>The passes over a shard that find starting centres.</summary>
/// <param name="reader">The shard's rows.</param>
internal sealed class StartPasses(RowReader reader)
{
    private readonly NearestCache nearest = new(reader);

    public RowSelection Race(RaceStep step, Work work)
    {
        nearest.Update(step.Centroids, work);
        return Pick(step.Count, work, (ranks, start, end) =>
        {
            for (int i = start; i < end; i++)
            {
                double weight = reader.Weight(i);
                double rate = weight * nearest.Squared[i];
                if (rate > 0 && step.Frame.QuantizeWeight(weight) > 0)
                    ranks.Offer(i, step.Draws.ArrivalBy(reader.Id(i), rate, ranks.Latest));
            }
        });
    }

    public ExactTotals Potential(PotentialStep step, Work work)
    {
        nearest.Update(step.Centroids, work);
        var candidates = new CandidateDistances(step.Candidates, reader.Block.Columns);
        return new ExactTotals(reader.SumSlices(Math.Max(1, candidates.Count), work, (own, start, end) =>
        {
            var row = new double[reader.Block.Columns];
            var squared = new double[candidates.Lanes];
            for (int i = start; i < end; i++)
            {
                double weight = reader.Weight(i);
                double least = nearest.Squared[i];
                if (least == 0 || step.Frame.QuantizeWeight(weight) == 0)
                    continue;
                Int128 unchanged = FixedPoint.FromDouble(weight * least, step.Unit);
                if (candidates.Count == 0)
                {
                    own[0] += unchanged;
                    continue;
                }

                reader.Block.CopyRow(i, row);
                candidates.Squared(row, squared);
                for (int c = 0; c < candidates.Count; c++)
                    own[c] += squared[c] < least ? FixedPoint.FromDouble(weight * squared[c], step.Unit) : unchanged;
            }
        }));
    }

    public RowSelection Sample(SampleStep step, Work work)
    {
        nearest.Update(step.Centroids, work);
        var taken = new ConcurrentBag<SelectedRow>();
        reader.ForSlices(work, (_, start, end) =>
        {
            for (int i = start; i < end; i++)
            {
                double weight = reader.Weight(i);
                double rate = weight * nearest.Squared[i];
                if (rate > 0 && step.Frame.QuantizeWeight(weight) > 0
                    && step.Draws.Uniform(reader.Id(i)) * step.Potential < step.Oversampling * rate)
                    taken.Add(Materialise(i, 0));
            }
        });
        return new RowSelection(int.MaxValue, taken);
    }

    public ExactTotals Weigh(WeighStep step, Work work)
    {
        nearest.Update(step.Centroids, work);
        int count = step.Centroids.Length / reader.Block.Columns;
        return new ExactTotals(reader.SumSlices(count, work, (own, start, end) =>
        {
            for (int i = start; i < end; i++)
                own[nearest.Labels[i]] += step.Frame.QuantizeWeight(reader.Weight(i));
        }));
    }

    /// <summary>The rows farthest from their centre, except those that their centre cannot be told from.</summary>
    public RowSelection Farthest(FarthestStep step, Work work)
    {
        int d = reader.Block.Columns;
        nearest.Update(step.Centroids, work);
        return Pick(step.Count, work, (ranks, start, end) =>
        {
            var row = new double[d];
            for (int i = start; i < end; i++)
            {
                double squared = nearest.Squared[i];
                double weight = reader.Weight(i);
                if (squared == 0 || -squared >= ranks.Latest || step.Frame.QuantizeWeight(weight) == 0)
                    continue;
                reader.Block.CopyRow(i, row);
                if (!OnGrid(step.Frame, row, weight, step.Centroids.AsSpan(nearest.Labels[i] * d, d)))
                    ranks.Offer(i, -squared);
            }
        });
    }

    /// <summary>Whether a cluster of this row alone would have just this centre.</summary>
    private static bool OnGrid(ColumnFrame frame, ReadOnlySpan<double> row, double weight, ReadOnlySpan<double> centre)
    {
        long units = frame.QuantizeWeight(weight);
        for (int j = 0; j < row.Length; j++)
        {
            if (frame.Mean(j, frame.Quantize(j, row[j], weight), units) != centre[j])
                return false;
        }

        return true;
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
        => new(rank, reader.Id(row), reader.Weight(row), nearest.Labels[row], reader.Row(row));
}
