using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>The passes over a shard that learn what its rows are like, before and after training.</summary>
/// <param name="reader">The shard's rows.</param>
internal sealed class SurveyPasses(RowReader reader)
{
    public Ranges Ranges(Work work)
    {
        var parts = new Ranges[reader.Slices];
        reader.ForSlices(work, (slice, start, end) =>
        {
            var own = new Ranges(reader.Block.Columns);
            var row = new double[reader.Block.Columns];
            for (int i = start; i < end; i++)
            {
                double weight = reader.Weight(i);
                if (!(weight >= 0 && double.IsFinite(weight)))
                    throw new TrainingException($"Row {reader.Id(i) + 1} has the weight {weight:R}: weights must be finite and at least 0.");
                if (weight == 0)
                    continue;
                reader.Block.CopyRow(i, row);
                own.Accumulate(row, weight);
            }

            parts[slice] = own;
        });

        var total = new Ranges(reader.Block.Columns) { Rows = reader.Block.Rows };
        foreach (Ranges part in parts)
            total.MergeFrom(part);
        total.GreatestShardWeight = ShardWeight();
        return total;
    }

    public ExactTotals Moments(MomentsStep step, Work work)
    {
        int d = reader.Block.Columns;
        return new ExactTotals(reader.SumSlices(1 + (2 * d), work, (own, start, end) =>
        {
            var row = new double[d];
            for (int i = start; i < end; i++)
            {
                double weight = reader.Weight(i);
                long units = step.Frame.QuantizeWeight(weight);
                if (units == 0)
                    continue;
                own[0] += units;
                reader.Block.CopyRow(i, row);
                for (int j = 0; j < d; j++)
                {
                    long q = step.Frame.Quantize(j, row[j], weight);
                    own[1 + j] += q;
                    own[1 + d + j] += KMeans.Moments.Square(q, units);
                }
            }
        }));
    }

    public ExactTotals Final(FinalStep step, Work work)
    {
        int d = reader.Block.Columns;
        int k = step.Centroids.Length / d;
        var nearest = new NearestCache(reader);
        nearest.Update(step.Centroids, work);
        return new ExactTotals(reader.SumSlices(3 * k, work, (own, start, end) =>
        {
            for (int i = start; i < end; i++)
            {
                int label = nearest.Labels[i];
                own[label]++;
                double weight = reader.Weight(i);
                long units = step.Frame.QuantizeWeight(weight);
                if (units == 0)
                    continue;
                own[k + label] += units;
                own[(2 * k) + label] += FixedPoint.FromDouble(weight * nearest.Squared[i], step.Unit);
            }
        }));
    }

    /// <summary>Sums of float64: slices merge along the fixed tree.</summary>
    public Statistic Dispersions(DispersionStep step, Work work)
    {
        var nearest = new NearestCache(reader);
        nearest.Update(step.Centroids, work);
        if (reader.Slices == 0)
            return new Dispersions(new DispersionStatistic(step.Centroids, reader.Block.Columns));
        return FixedTree.Reduce(
            reader.Slices,
            slice =>
            {
                (int start, int end) = reader.Slice(slice);
                var own = new DispersionStatistic(step.Centroids, reader.Block.Columns);
                own.Accumulate(reader.Block.Slice(start, end - start), nearest.Labels[start..end]);
                return new Dispersions(own);
            },
            spent: _ => { },
            work.Parallel,
            work.Cancellation);
    }

    private double ShardWeight()
    {
        if (reader.Block.Weights.IsEmpty)
            return reader.Block.Rows;
        double total = 0;
        foreach (double weight in reader.Block.Weights.Span)
            total = Binary.AddUp(total, weight);
        return total;
    }
}
