using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>The passes over a shard that learn what its rows are like, before and after training.</summary>
/// <param name="reader">The shard's rows.</param>
/// <param name="width">Vector width.</param>
internal sealed class SurveyPasses(RowReader reader, SimdWidth width)
{
    private readonly SurveyKernel _kernel = SurveyKernel.For(width);
    private readonly PotentialKernel _potential = PotentialKernel.For(width);

    public Ranges Ranges(Work work)
    {
        var parts = new Ranges[reader.Slices];
        reader.ForSlices(work, (slice, start, end) =>
        {
            var own = new Ranges(reader.Block.Columns);
            parts[slice] = own;
            ReadOnlySpan<double> weights = reader.Block.Weights.IsEmpty ? default : reader.Block.Weights.Span[start..end];
            bool all = true;
            for (int i = 0; i < weights.Length; i++)
            {
                double weight = weights[i];
                if (!(weight >= 0 && double.IsFinite(weight)))
                    throw new TrainingException($"Row {reader.Id(start + i) + 1} has the weight {weight:R}: weights must be finite and at least 0.");
                own.GreatestWeight = Math.Max(own.GreatestWeight, weight);
                own.PositiveRows += weight > 0 ? 1 : 0;
                all &= weight > 0;
            }

            if (weights.IsEmpty)
                (own.PositiveRows, own.GreatestWeight) = (end - start, 1);
            if (all)
                RangesOf(own, start, end);
            for (int i = start; i < end && !all; i++)
            {
                if (reader.Weight(i) > 0)
                    RangesOf(own, i, i + 1);
            }
        });

        var total = new Ranges(reader.Block.Columns) { Rows = reader.Block.Rows };
        foreach (Ranges part in parts)
            total.MergeFrom(part);
        total.GreatestShardWeight = ShardWeight();
        return total;
    }

    private unsafe void RangesOf(Ranges own, int start, int end)
    {
        int d = reader.Block.Columns;
        fixed (float* singles = reader.Block.Float32.Span)
        fixed (double* doubles = reader.Block.Float64.Span)
        {
            if (singles != null)
                _kernel.Ranges(singles + ((long)start * d), end - start, own.Minima, own.Maxima);
            else
                _kernel.Ranges(doubles + ((long)start * d), end - start, own.Minima, own.Maxima);
        }
    }

    public ExactTotals Moments(MomentsStep step, Work work)
    {
        int d = reader.Block.Columns;
        return new ExactTotals(reader.SumSlices(2 + (2 * d), work, (own, start, end) =>
        {
            if (reader.Block.Weights.IsEmpty)
            {
                long one = step.Frame.QuantizeWeight(1);
                own[0] += (Int128)one * (end - start);
                own[^1] += one > 0 ? end - start : 0;
                MomentsOf(step.Frame, start, end, own.AsSpan(1, 2 * d));
                return;
            }

            var row = new double[d];
            for (int i = start; i < end; i++)
            {
                double weight = reader.Weight(i);
                long units = step.Frame.QuantizeWeight(weight);
                if (units == 0)
                    continue;
                own[0] += units;
                own[^1]++;
                reader.Block.CopyRow(i, row);
                for (int j = 0; j < d; j++)
                {
                    long q = step.Frame.Quantize(j, row[j], weight);
                    own[1 + j] += q;
                    own[1 + d + j] += Steps.Moments.Square(q, units);
                }
            }
        }));
    }

    private unsafe void MomentsOf(ColumnFrame frame, int start, int end, Span<Int128> sums)
    {
        long first = (long)start * reader.Block.Columns;
        fixed (float* singles = reader.Block.Float32.Span)
        fixed (double* doubles = reader.Block.Float64.Span)
        {
            if (singles != null)
                _kernel.Moments(singles + first, end - start, frame, sums);
            else
                _kernel.Moments(doubles + first, end - start, frame, sums);
        }
    }

    /// <summary>Rows, weights and Σ w·D of clusters whose rows are assigned.</summary>
    /// <param name="step">The centres and the grid of w·D.</param>
    /// <param name="assigner">Knows each row's label under these centres.</param>
    /// <param name="assigned">The counts and weights that belong to them.</param>
    /// <param name="work">Where slices run.</param>
    public ExactTotals Final(FinalStep step, IAssigner assigner, AssignmentSums assigned, Work work)
    {
        int k = assigned.K;
        Int128[] dispersions = reader.SumSlices(k, work, (own, start, end) => AddDispersions(step, assigner.Labels[start..end], own, start, end));
        return new ExactTotals([.. assigned.Counts, .. assigned.Weights, .. dispersions]);
    }

    private unsafe void AddDispersions(FinalStep step, ReadOnlySpan<int> labels, Int128[] sums, int start, int end)
    {
        double* squared = stackalloc double[RowReader.SliceRows];
        SquaredDistances.ToAssigned(reader.Block, start, end - start, step.Centroids, labels, new Span<double>(squared, end - start));
        fixed (double* weights = reader.Block.Weights.IsEmpty ? default : reader.Block.Weights.Span[start..end])
            _potential.AddByLabel(new PotentialKernel.Terms(end - start, squared, weights, step.Frame.WeightScale, step.Unit), labels, sums);
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
