using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>What one worker needs for one chunk at a time. Grows to what the largest step asks for; steady work allocates nothing.</summary>
internal sealed unsafe class ChunkScratch
{
    /// <summary>Rows whose densities are evaluated together.</summary>
    public const int Panel = 32;

    /// <summary>Columns of <see cref="Rows"/> are padded with zeros to a multiple of this.</summary>
    public const int Lanes = 8;

    /// <summary>Shared by all shards of a process: as many exist as chunks ever ran at the same time.</summary>
    private static readonly ConcurrentBag<ChunkScratch> Pool = [];

    private readonly AlignedBuffer<double> _rows = new();
    private readonly AlignedBuffer<double> _origins = new();
    private readonly AlignedBuffer<double> _panel = new();
    private readonly AlignedBuffer<double> _solved = new();
    private readonly AlignedBuffer<double> _densities = new();
    private readonly AlignedBuffer<double> _perRow = new();
    private readonly AlignedBuffer<double> _moments = new();
    private readonly AlignedBuffer<double> _scaled = new();
    private readonly AlignedBuffer<float> _screened = new();
    private readonly AlignedBuffer<int> _order = new();
    private readonly AlignedBuffer<int> _picked = new();

    /// <summary>Columns with padding: the stride of <see cref="Rows"/>.</summary>
    public int Stride { get; private set; }

    /// <summary>Row-major: the chunk's rows minus the origins, padded with zeros.</summary>
    public double* Rows => _rows.Pointer;

    public double* Origins => _origins.Pointer;

    /// <summary>Columns × 32: a panel of rows.</summary>
    public double* PanelRows => _panel.Pointer;

    /// <summary>Columns × 32: the panel in float32.</summary>
    public float* ScreenRows => _screened.Pointer + Panel;

    /// <summary>What a float32 sum must exceed for each row of the panel, but for the component's part.</summary>
    public float* ScreenLimits => _screened.Pointer;

    public double* Solved => _solved.Pointer;

    /// <summary>Components × 32.</summary>
    public double* Densities => _densities.Pointer;

    /// <summary>Row weight of each of the chunk's rows.</summary>
    public double* Weights => _perRow.Pointer;

    /// <summary>ln p(x) of each row.</summary>
    public double* LogDensities => _perRow.Pointer + MixtureOracle.ChunkRows;

    /// <summary>ln of each row's greatest responsibility.</summary>
    public double* LogCertainties => _perRow.Pointer + (2 * MixtureOracle.ChunkRows);

    /// <summary>w·r of the picked rows.</summary>
    public double* Shares => _perRow.Pointer + (3 * MixtureOracle.ChunkRows);

    /// <summary>w·r of one component by row, while rows are being put in order.</summary>
    public double* ByRow => _perRow.Pointer + (4 * MixtureOracle.ChunkRows);

    /// <summary>Rows of one component, ascending.</summary>
    public int* Picked => _picked.Pointer;

    /// <summary>Row at each place of the panels.</summary>
    public int* Order => _order.Pointer;

    /// <summary>Label of each row.</summary>
    public int[] Labels { get; } = new int[MixtureOracle.ChunkRows];

    /// <summary>The label of every row where there is one component.</summary>
    public int[] Zeros { get; } = new int[MixtureOracle.ChunkRows];

    /// <summary>Second moments of one component: d × stride, lower triangle; or a diagonal.</summary>
    public double* Moments => _moments.Pointer;

    /// <summary>Mean of one component, padded.</summary>
    public double* Mean => _scaled.Pointer;

    /// <summary>Differences from the mean of a block of rows, then the same times the rows' shares.</summary>
    public double* Differences => _scaled.Pointer + Stride;

    /// <summary>Which components each panel evaluated and what came of it.</summary>
    public ShareLists Lists { get; } = new();

    /// <summary>Components of the panel that count, ascending.</summary>
    public int[] Active { get; private set; } = [];

    /// <summary>What became of each component for the panel; 0 before it was looked at.</summary>
    public byte[] Evaluated { get; private set; } = [];

    /// <summary>Where each label begins, while rows are sorted by label.</summary>
    public int[] Starts { get; private set; } = [];

    /// <summary>Scratch memory that nobody else holds. Give it back.</summary>
    public static ChunkScratch Borrow() => Pool.TryTake(out ChunkScratch? free) ? free : new ChunkScratch();

    public static void Return(ChunkScratch scratch) => Pool.Add(scratch);

    /// <summary>Makes room for a step.</summary>
    public void Prepare(int k, int columns, bool triangular)
    {
        Stride = (columns + Lanes - 1) / Lanes * Lanes;
        _rows.Reserve(checked(MixtureOracle.ChunkRows * Stride));
        _origins.Reserve(Stride);
        _panel.Reserve(Stride * Panel);
        _solved.Reserve(Stride * Panel);
        _screened.Reserve((Stride + 1) * Panel);
        _densities.Reserve(checked(k * Panel));
        _perRow.Reserve(5 * MixtureOracle.ChunkRows);
        _moments.Reserve(checked(triangular ? Stride * Stride : Stride));
        _scaled.Reserve(Stride * (1 + (2 * Panel)));
        _order.Reserve(MixtureOracle.ChunkRows);
        _picked.Reserve(MixtureOracle.ChunkRows);
        if (Active.Length < k)
            (Active, Evaluated, Starts) = (new int[k], new byte[k], new int[k + 1]);
        Lists.Prepare(k);
    }

    /// <summary>Picks the rows of one component in their order, with their shares.</summary>
    /// <param name="component">Which.</param>
    /// <param name="sorted">Whether the panels' rows are in the chunk's order.</param>
    /// <returns>How many.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Pick(int component, bool sorted)
    {
        int count = 0;
        if (sorted)
        {
            for (int entry = Lists.First(component); entry >= 0; entry = Lists.Next(entry))
            {
                int first = Lists.PanelOf(entry) * Panel;
                double* shares = Lists.Shares(entry);
                for (uint mask = Lists.Mask(entry); mask != 0; mask &= mask - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(mask);
                    Picked[count] = first + lane;
                    Shares[count++] = shares[lane];
                }
            }

            return count;
        }

        Span<ulong> present = stackalloc ulong[MixtureOracle.ChunkRows / 64];
        present.Clear();
        for (int entry = Lists.First(component); entry >= 0; entry = Lists.Next(entry))
        {
            int* place = Order + (Lists.PanelOf(entry) * Panel);
            double* shares = Lists.Shares(entry);
            for (uint mask = Lists.Mask(entry); mask != 0; mask &= mask - 1)
            {
                int lane = BitOperations.TrailingZeroCount(mask);
                int row = place[lane];
                ByRow[row] = shares[lane];
                present[row >> 6] |= 1UL << row;
            }
        }

        for (int word = 0; word < present.Length; word++)
        {
            for (ulong bits = present[word]; bits != 0; bits &= bits - 1)
            {
                int row = (word << 6) + BitOperations.TrailingZeroCount(bits);
                Picked[count] = row;
                Shares[count++] = ByRow[row];
            }
        }

        return count;
    }

    /// <summary>Orders the rows by label, those of one label by row.</summary>
    /// <param name="labels">One for each row, below <paramref name="k"/>.</param>
    /// <param name="k">Number of labels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SortByLabel(ReadOnlySpan<int> labels, int k)
    {
        Span<int> starts = Starts.AsSpan(0, k + 1);
        starts.Clear();
        foreach (int label in labels)
            starts[label + 1]++;
        for (int c = 0; c < k; c++)
            starts[c + 1] += starts[c];
        // Each start moves to the end of its label, which is the next one's start.
        for (int i = 0; i < labels.Length; i++)
            Order[starts[labels[i]]++] = i;
    }

    /// <summary>Picks the rows of one label, after <see cref="SortByLabel"/>, that weigh anything.</summary>
    public int PickLabel(int label)
    {
        int count = 0;
        for (int i = label == 0 ? 0 : Starts[label - 1]; i < Starts[label]; i++)
        {
            if (Weights[Order[i]] == 0)
                continue;
            Picked[count] = Order[i];
            Shares[count++] = Weights[Order[i]];
        }

        return count;
    }

    /// <summary>Copies the second moments, packed or a diagonal, to where a statistic keeps them.</summary>
    public void CopyMoments(Span<double> target, int columns)
    {
        if (target.Length == columns)
        {
            new ReadOnlySpan<double>(Moments, columns).CopyTo(target);
            return;
        }

        for (int i = 0; i < columns; i++)
            new ReadOnlySpan<double>(Moments + ((long)i * Stride), i + 1).CopyTo(target[Symmetric.Index(i, 0)..]);
    }
}
