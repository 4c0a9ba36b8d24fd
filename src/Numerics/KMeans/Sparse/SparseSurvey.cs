using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.KMeans.Worker;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Sparse;

/// <summary>The passes over sparse rows that learn what they are like, before and after training: the totals of <see cref="SurveyPasses"/>.</summary>
/// <param name="rows">The shard's rows.</param>
/// <param name="reader">The same, in slices.</param>
/// <param name="width">Vector width.</param>
internal sealed class SparseSurvey(SparseBlock rows, RowReader reader, SimdWidth width)
{
    private readonly PotentialKernel _potential = PotentialKernel.For(width);

    /// <summary>Ranges of the columns over rows of positive weight; zeros count where a row has none.</summary>
    public Ranges Ranges()
    {
        var total = new Ranges(rows.Columns) { Rows = rows.Rows };
        var values = new double[rows.LongestRow];
        long[] entries = new long[rows.Columns];
        double shardWeight = 0;
        for (int row = 0; row < rows.Rows; row++)
        {
            double weight = reader.Weight(row);
            if (!(weight >= 0 && double.IsFinite(weight)))
                throw new TrainingException($"Row {reader.Id(row) + 1} has the weight {weight:R}: weights must be finite and at least 0.");
            shardWeight = rows.Weights.IsEmpty ? rows.Rows : Binary.AddUp(shardWeight, weight);
            total.GreatestWeight = Math.Max(total.GreatestWeight, weight);
            if (weight == 0)
                continue;
            total.PositiveRows++;
            ReadOnlySpan<uint> columns = rows.ColumnsOf(row);
            rows.CopyValues(row, values);
            for (int i = 0; i < columns.Length; i++)
            {
                int j = (int)columns[i];
                entries[j]++;
                total.Minima[j] = Math.Min(total.Minima[j], values[i]);
                total.Maxima[j] = Math.Max(total.Maxima[j], values[i]);
            }
        }

        for (int j = 0; j < entries.Length; j++)
        {
            if (entries[j] < total.PositiveRows)
                (total.Minima[j], total.Maxima[j]) = (Math.Min(total.Minima[j], 0), Math.Max(total.Maxima[j], 0));
        }

        total.GreatestShardWeight = shardWeight;
        return total;
    }

    /// <summary>Sums and sums of squares of the columns.</summary>
    public ExactTotals Moments(MomentsStep step)
    {
        int d = rows.Columns;
        ColumnFrame frame = step.Frame;
        var totals = new Int128[2 + (2 * d)];
        var values = new double[rows.LongestRow];
        long[] entries = new long[d];
        for (int row = 0; row < rows.Rows; row++)
        {
            double weight = reader.Weight(row);
            long units = frame.QuantizeWeight(weight);
            if (units == 0)
                continue;
            totals[0] += units;
            totals[^1]++;
            ReadOnlySpan<uint> columns = rows.ColumnsOf(row);
            rows.CopyValues(row, values);
            if (!rows.Weights.IsEmpty)
            {
                for (int i = 0, j = 0; j < d; j++)
                {
                    bool isEntry = i < columns.Length && columns[i] == j;
                    Add(totals, d, j, frame.Quantize(j, isEntry ? values[i] : 0, weight), units, 1);
                    i += isEntry ? 1 : 0;
                }

                continue;
            }

            for (int i = 0; i < columns.Length; i++)
            {
                entries[columns[i]]++;
                Add(totals, d, (int)columns[i], frame.Quantize((int)columns[i], values[i], 1), units, 1);
            }
        }

        long one = frame.QuantizeWeight(1);
        for (int j = 0; j < d && rows.Weights.IsEmpty && one > 0; j++)
        {
            // Where no row is 0 that may lie beyond the grid.
            if (entries[j] < rows.Rows)
                Add(totals, d, j, frame.Quantize(j, 0, 1), one, rows.Rows - entries[j]);
        }

        return new ExactTotals(totals);
    }

    /// <inheritdoc cref="SurveyPasses.Final"/>
    public ExactTotals Final(FinalStep step, int[] labels, AssignmentSums assigned, Work work)
    {
        int k = assigned.K;
        var squared = new double[rows.Rows];
        AssignedDistances.Find(rows, step.Centroids, labels, squared, work);
        Int128[] dispersions = reader.SumSlices(k, work, (own, start, end) => AddDispersions(step, labels.AsSpan(start..end), squared, own, start, end));
        return new ExactTotals([.. assigned.Counts, .. assigned.Weights, .. dispersions]);
    }

    /// <inheritdoc cref="SurveyPasses.Dispersions"/>
    /// <param name="step">The centres.</param>
    /// <param name="labels">Of each row under them.</param>
    /// <param name="squared">D of each row.</param>
    /// <param name="work">Where slices run.</param>
    public Dispersions Dispersions(DispersionStep step, int[] labels, double[] squared, Work work)
    {
        if (reader.Slices == 0)
            return new Dispersions(new DispersionStatistic(step.Centroids, rows.Columns));
        return FixedTree.Reduce(
            reader.Slices,
            slice =>
            {
                (int start, int end) = reader.Slice(slice);
                var own = new DispersionStatistic(step.Centroids, rows.Columns);
                own.Accumulate(rows.Slice(start, end - start), labels.AsSpan(start..end), squared.AsSpan(start..end));
                return new Dispersions(own);
            },
            spent: _ => { },
            work.Parallel,
            work.Cancellation);
    }

    private static void Add(Int128[] totals, int d, int column, long value, long units, long rows)
    {
        totals[1 + column] += (Int128)value * rows;
        totals[1 + d + column] += Steps.Moments.Square(value, units) * rows;
    }

    private unsafe void AddDispersions(FinalStep step, ReadOnlySpan<int> labels, double[] squared, Int128[] sums, int start, int end)
    {
        fixed (double* distances = squared, weights = reader.WeightsFrom(start))
            _potential.AddByLabel(
                new PotentialKernel.Terms(end - start, distances + start, weights, step.Frame.WeightScale, step.Unit), labels, sums);
    }
}
