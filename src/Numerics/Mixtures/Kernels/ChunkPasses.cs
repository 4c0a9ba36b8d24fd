using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>The passes of one step over the chunks of a shard, on the kernels. Safe for concurrent use on different chunks.</summary>
/// <param name="rows">The shard's rows.</param>
/// <param name="step">What to compute.</param>
/// <param name="kernel">Of the width wanted.</param>
internal sealed unsafe class ChunkPasses(RowBlock rows, MixtureStep step, MixtureKernel kernel)
{
    /// <summary>The mixture, for posteriors; null for others.</summary>
    public required DensityTable? Table { get; init; }

    /// <summary>The nearest centre of each row, for <see cref="ResponsibilitySource.Nearest"/>.</summary>
    public int[] Labels { get; init; } = [];

    /// <summary>For posteriors: the component to look at first for each row, or empty. Changes time only.</summary>
    public int[] Hints { get; init; } = [];

    /// <summary>For posteriors: receives each row's most probable component. May be the same array as <see cref="Hints"/>.</summary>
    public int[] Found { get; init; } = [];

    /// <summary>The moments of one chunk.</summary>
    /// <param name="start">Its first row.</param>
    /// <param name="end">After its last row.</param>
    /// <param name="moments">All zero; receives them.</param>
    public void Moments(int start, int end, ComponentMoments moments)
    {
        ChunkScratch scratch = ChunkScratch.Borrow();
        try
        {
            Moments(start, end, moments, scratch);
        }
        finally
        {
            ChunkScratch.Return(scratch);
        }
    }

    /// <summary>What one chunk adds to the summary of finished parameters.</summary>
    public void Summary(int start, int end, MixtureSummary summary)
    {
        ChunkScratch scratch = ChunkScratch.Borrow();
        try
        {
            Load(start, end, scratch);
            Look(start, end, scratch);
            for (int i = 0; i < end - start; i++)
                summary.Accumulate(scratch.Labels[i], scratch.Weights[i], scratch.LogDensities[i], scratch.LogCertainties[i]);
        }
        finally
        {
            ChunkScratch.Return(scratch);
        }
    }

    private void Moments(int start, int end, ComponentMoments moments, ChunkScratch scratch)
    {
        Load(start, end, scratch);
        int count = end - start;
        for (int i = 0; i < count; i++)
        {
            if (scratch.Weights[i] == 0)
                continue;
            moments.Rows++;
            moments.TotalWeight += scratch.Weights[i];
        }

        if (step.Source == ResponsibilitySource.Posterior)
        {
            moments.Densities = Look(start, end, scratch);
            for (int i = 0; i < count; i++)
            {
                if (scratch.Weights[i] != 0)
                    moments.LogLikelihood = Math.FusedMultiplyAdd(scratch.Weights[i], scratch.LogDensities[i], moments.LogLikelihood);
            }
        }
        else if (step.Source == ResponsibilitySource.Random)
        {
            SumDraws(start, count, scratch);
        }
        else
        {
            // Without labels all rows are of one component.
            ReadOnlySpan<int> labels = Labels.Length > 0 ? Labels.AsSpan(start, count) : scratch.Zeros.AsSpan(0, count);
            scratch.SortByLabel(labels, step.K);
        }

        if (step.Form == CovarianceForm.Tied)
            new Span<double>(scratch.Moments, scratch.Stride * scratch.Stride).Clear();
        for (int c = 0; c < step.K; c++)
        {
            int picked = step.Source switch
            {
                ResponsibilitySource.Posterior => scratch.Pick(c, Hints.Length == 0),
                ResponsibilitySource.Random => PickDrawn(c, start, count, scratch),
                _ => scratch.PickLabel(c),
            };
            kernel.Component(moments, c, picked, scratch);
        }

        if (step.Form == CovarianceForm.Tied)
            scratch.CopyMoments(moments.Seconds, moments.Columns);
    }

    private void Load(int start, int end, ChunkScratch scratch)
    {
        scratch.Prepare(step.K, rows.Columns, step.Form is CovarianceForm.Full or CovarianceForm.Tied);
        kernel.Load(rows, start, end - start, scratch, step.Origins);
    }

    private long Look(int start, int end, ChunkScratch scratch)
    {
        int count = end - start;
        ReadOnlySpan<int> hints = Hints.Length > 0 ? Hints.AsSpan(start, count) : default;
        long evaluated = kernel.Look(Table!, count, hints, scratch);
        scratch.Labels.AsSpan(0, count).CopyTo(Found.AsSpan(start, count));
        return evaluated;
    }

    /// <summary>The sum of each row's draws.</summary>
    private void SumDraws(int start, int count, ChunkScratch scratch)
    {
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            for (int c = 0; c < step.K; c++)
                sum += Drawn(c, start + i);
            scratch.ByRow[i] = sum;
        }
    }

    private int PickDrawn(int component, int start, int count, ChunkScratch scratch)
    {
        int picked = 0;
        for (int i = 0; i < count; i++)
        {
            double share = scratch.Weights[i] * (Drawn(component, start + i) / scratch.ByRow[i]);
            if (share == 0)
                continue;
            scratch.Picked[picked] = i;
            scratch.Shares[picked++] = share;
        }

        return picked;
    }

    private double Drawn(int component, int row)
        => new Draws(step.Seed, Purpose.MixtureStart, step.Restart, component).Uniform(rows.FirstRow + row);
}
