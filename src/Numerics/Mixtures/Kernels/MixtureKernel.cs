using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>What a chunk of rows says about a mixture, for one vector width. Gives the bits of <see cref="MixtureOracle"/>.</summary>
internal abstract unsafe class MixtureKernel
{
    /// <summary>Brings the rows of a chunk in: minus the origins, widened and padded, with their weights.</summary>
    /// <param name="rows">The shard's rows.</param>
    /// <param name="start">First row of the chunk.</param>
    /// <param name="count">Rows of the chunk.</param>
    /// <param name="scratch">Prepared for the step; receives the rows.</param>
    /// <param name="origins">What is subtracted from each column.</param>
    public abstract void Load(RowBlock rows, int start, int count, ChunkScratch scratch, ReadOnlySpan<double> origins);

    /// <summary>Bayes' rule for the loaded rows: their log-densities, labels, and the shares of all components.</summary>
    /// <param name="table">The mixture.</param>
    /// <param name="count">Rows of the chunk.</param>
    /// <param name="hints">A component for each row that may well be its most probable one, which lets others be skipped; or empty.</param>
    /// <param name="scratch">Holds the rows; receives the rest.</param>
    /// <returns>Densities evaluated to the end.</returns>
    public abstract long Look(DensityTable table, int count, ReadOnlySpan<int> hints, ChunkScratch scratch);

    /// <summary>Weight, mean and second moments of one component over its picked rows.</summary>
    public abstract void Component(ComponentMoments moments, int component, int picked, ChunkScratch scratch);

    /// <summary>The kernel of one width.</summary>
    public static MixtureKernel For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new MixtureKernel<DoubleLanes512, Vector512<double>, FloatLanes512, Vector512<float>>(),
        SimdWidth.V256 => new MixtureKernel<DoubleLanes256, Vector256<double>, FloatLanes256, Vector256<float>>(),
        SimdWidth.V128 => new MixtureKernel<DoubleLanes128, Vector128<double>, FloatLanes128, Vector128<float>>(),
        _ => new MixtureKernel<DoubleLanesScalar, double, FloatLanesScalar, float>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe class MixtureKernel<TLanes, TVector, TFloats, TFloatVector> : MixtureKernel
    where TLanes : struct, IRealLanes<TVector>
    where TVector : struct
    where TFloats : struct, IFloatLanes<TFloatVector>
    where TFloatVector : struct
{
    private const int Panel = ChunkScratch.Panel;
    private const byte Counts = 1;
    private const byte Negligible = 2;

    /// <summary>Screening goes on in a chunk while, after this many tries, at least a quarter passed a component over.</summary>
    private const int ScreenTrials = 256;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Load(RowBlock rows, int start, int count, ChunkScratch scratch, ReadOnlySpan<double> origins)
    {
        origins.CopyTo(new Span<double>(scratch.Origins, origins.Length));
        for (int i = 0; i < count; i++)
            scratch.Weights[i] = rows.Weights.IsEmpty ? 1 : rows.Weights.Span[start + i];
        int d = rows.Columns;
        int w = TLanes.Width;
        fixed (float* singles = rows.Float32.Span)
        fixed (double* doubles = rows.Float64.Span)
        {
            for (int i = 0; i < count; i++)
            {
                double* target = scratch.Rows + ((long)i * scratch.Stride);
                long at = (long)(start + i) * d;
                int j = 0;
                for (; j + w <= d; j += w)
                {
                    TVector x = singles != null ? TLanes.Load(singles + at + j) : TLanes.Load(doubles + at + j);
                    TLanes.Store(TLanes.Subtract(x, TLanes.Load(scratch.Origins + j)), target + j);
                }

                for (; j < d; j++)
                    target[j] = (singles != null ? singles[at + j] : doubles[at + j]) - scratch.Origins[j];
                for (; j < scratch.Stride; j++)
                    target[j] = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Look(DensityTable table, int count, ReadOnlySpan<int> hints, ChunkScratch scratch)
    {
        Sort(count, hints, table.K, scratch);
        (long evaluated, int tried, int excluded) = (0, 0, 0);
        double* perPanel = stackalloc double[6 * Panel];
        double* best = perPanel, sums = best + Panel, labels = sums + Panel;
        double* logDensities = labels + Panel, logCertainties = logDensities + Panel, weights = logCertainties + Panel;
        for (int panel = 0; panel * Panel < count; panel++)
        {
            int* order = scratch.Order + (panel * Panel);
            int rows = Math.Min(Panel, count - (panel * Panel));
            Gather(scratch, order, rows, table.Padded);
            new Span<double>(best, Panel).Fill(double.MinValue);
            bool screens = table.Screen.Useful && (tried < ScreenTrials || 4 * excluded >= tried);
            ReadOnlySpan<int> active = Evaluate(table, order, rows, hints, screens, scratch, best, ref evaluated, ref tried, ref excluded);
            PosteriorKernel<TLanes, TVector>.Normalize(active, scratch.Densities, best, sums, labels, logDensities, logCertainties);
            for (int i = 0; i < rows; i++)
            {
                int row = order[i];
                weights[i] = scratch.Weights[row];
                scratch.Labels[row] = (int)labels[i];
                scratch.LogDensities[row] = logDensities[i];
                scratch.LogCertainties[row] = logCertainties[i];
            }

            // Places without a row weigh nothing.
            for (int i = rows; i < Panel; i++)
                weights[i] = 0;
            foreach (int c in active)
            {
                uint mask = PosteriorKernel<TLanes, TVector>.Share(scratch.Densities + (c * Panel), sums, weights, scratch.Lists.Room());
                if (mask != 0)
                    scratch.Lists.Add(c, panel, mask);
            }
        }

        return evaluated;
    }

    public override void Component(ComponentMoments moments, int component, int picked, ChunkScratch scratch)
    {
        if (picked == 0)
            return;
        int d = moments.Columns;
        int k = moments.K;
        bool triangle = moments.Form is CovarianceForm.Full or CovarianceForm.Tied;
        moments.Weights[component] = MomentKernel<TLanes, TVector>.Mean(scratch, picked);
        new ReadOnlySpan<double>(scratch.Mean, d).CopyTo(moments.Means.AsSpan(component * d));
        // Tied components add to one triangle, which is cleared before the first and kept after the last.
        if (moments.Form != CovarianceForm.Tied)
            new Span<double>(scratch.Moments, triangle ? scratch.Stride * scratch.Stride : scratch.Stride).Clear();
        if (triangle)
            MomentKernel<TLanes, TVector>.Triangle(scratch, picked);
        else
            MomentKernel<TLanes, TVector>.Diagonal(scratch, picked);
        if (moments.Form == CovarianceForm.Tied)
            return;
        int length = moments.Seconds.Length / k;
        scratch.CopyMoments(moments.Seconds.AsSpan(component * length, length), d);
    }

    /// <summary>The places of the panels: rows by hint, in order among equal hints; in order when there are no hints.</summary>
    private static void Sort(int count, ReadOnlySpan<int> hints, int k, ChunkScratch scratch)
    {
        if (hints.IsEmpty)
        {
            for (int i = 0; i < count; i++)
                scratch.Order[i] = i;
            return;
        }

        scratch.SortByLabel(hints[..count], k);
    }

    /// <summary>A panel of rows, columns apart. Places without a row repeat the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(ChunkScratch scratch, int* order, int rows, int columns)
    {
        double* panel = scratch.PanelRows;
        for (int i = 0; i < Panel; i++)
        {
            double* row = scratch.Rows + ((long)order[i < rows ? i : 0] * scratch.Stride);
            double* target = panel + i;
            for (int j = 0; j < columns; j += 4)
            {
                target[0] = row[j];
                target[Panel] = row[j + 1];
                target[2 * Panel] = row[j + 2];
                target[3 * Panel] = row[j + 3];
                target += 4 * Panel;
            }
        }
    }

    /// <summary>Log-densities of the components that count for a row of the panel, those hinted at first.</summary>
    private static ReadOnlySpan<int> Evaluate(
        DensityTable table, int* order, int rows, ReadOnlySpan<int> hints, bool screens, ChunkScratch scratch, double* best, ref long evaluated, ref int tried,
            ref int excluded)
    {
        Span<byte> done = scratch.Evaluated.AsSpan(0, table.K);
        Span<int> active = scratch.Active.AsSpan(0, table.K);
        done.Clear();
        for (int i = 0; i < rows && !hints.IsEmpty; i++)
        {
            int c = hints[order[i]];
            if (done[c] == 0)
                done[c] = Evaluate(table, c, scratch, best, ref evaluated);
        }

        if (screens)
            Screen(scratch, table.Padded);
        bool known = false;
        int count = 0;
        for (int c = 0; c < table.K; c++)
        {
            if (done[c] == 0 && screens)
            {
                if (!known)
                    Limit(best, scratch.ScreenLimits);
                known = true;
                tried++;
                if (ScreenKernel<TFloats, TFloatVector>.Excludes(
                    table.Screen.Terms(c), table.Screen.Limits[c], table.Padded, scratch.ScreenRows, scratch.ScreenLimits))
                {
                    done[c] = Negligible;
                    excluded++;
                }
            }

            if (done[c] == 0)
            {
                done[c] = Evaluate(table, c, scratch, best, ref evaluated);
                known = false;
            }

            if (done[c] == Counts)
                active[count++] = c;
        }

        return active[..count];
    }

    private static byte Evaluate(DensityTable table, int component, ChunkScratch scratch, double* best, ref long evaluated)
    {
        int rows = DensityKernel<TLanes, TVector>.Evaluate(table, component, scratch.PanelRows, scratch.Solved, best, scratch.Densities + (component * Panel));
        evaluated += rows;
        return rows > 0 ? Counts : Negligible;
    }

    /// <summary>The panel in float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Screen(ChunkScratch scratch, int columns)
    {
        double* from = scratch.PanelRows;
        float* target = scratch.ScreenRows;
        for (int i = 0; i < columns * Panel; i += TLanes.Width)
            TLanes.Store(TLanes.Load(from + i), target + i);
    }

    /// <summary>The rows' part of the limits: −2 best, with slack.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Limit(double* best, float* limits)
    {
        TVector zero = TLanes.Broadcast(0);
        for (int row = 0; row < Panel; row += TLanes.Width)
        {
            TVector greatest = TLanes.Load(best + row);
            TVector magnitude = TLanes.SelectLess(greatest, zero, TLanes.Subtract(zero, greatest), greatest);
            TVector limit = TLanes.Multiply(TLanes.Broadcast(-2 * ScreenTable.Slack), greatest);
            TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Broadcast(ScreenTable.Rounding), magnitude, limit), limits + row);
        }
    }
}
