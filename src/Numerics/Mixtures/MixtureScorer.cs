using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Kernels;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>
/// Scores rows under a fixed mixture: log-densities, most probable components and their responsibilities, with the bits of training.
/// Prepared once; safe for concurrent use.
/// </summary>
public sealed unsafe class MixtureScorer
{
    private readonly DensityTable _table = new();
    private readonly MixtureKernel _kernel;
    private readonly double[] _origins;

    /// <summary>Prepares a model.</summary>
    /// <exception cref="InvalidDataException">A covariance is not positive definite.</exception>
    public MixtureScorer(MixtureModel model)
        : this(model, SimdSelection.Current)
    {
    }

    /// <summary>Prepares a model for kernels of a given width.</summary>
    internal MixtureScorer(MixtureModel model, SimdWidth width)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _table.Set(GaussianFactors.Create(model.Parameters));
        _kernel = MixtureKernel.For(width);
        _origins = model.Parameters.Origins.ToArray();
    }

    public MixtureModel Model { get; }

    /// <summary>Whether a row of this log-density is an anomaly by the model's threshold.</summary>
    public bool IsAnomaly(double logDensity) => logDensity <= Model.Threshold;

    /// <summary>Scores rows. Their weights do not matter.</summary>
    /// <param name="rows">Finite rows of as many columns as the model has.</param>
    /// <param name="top">How many components are wanted for each row, at least 1.</param>
    /// <param name="logDensities">Out: ln p(x) of each row; length ≥ rows, or empty when not wanted.</param>
    /// <param name="components">
    /// Out: rows × top, row-major: components by descending responsibility, the lower index first among equals; −1 where no further one has any. The first is
    /// the row's label.
    /// </param>
    /// <param name="responsibilities">Out: rows × top: those components' responsibilities, 0 where there is none; or empty when not wanted.</param>
    /// <param name="parallel">Where chunks of rows run.</param>
    /// <exception cref="ArgumentException">The numbers of columns differ, or there is too little room.</exception>
    public void Score(RowBlock rows, int top, Span<double> logDensities, Span<int> components, Span<double> responsibilities, IParallel parallel)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(parallel);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (rows.Columns != _table.Columns)
            throw new ArgumentException($"Rows of {rows.Columns} columns for a mixture of {_table.Columns}.", nameof(rows));
        long room = (long)rows.Rows * top;
        if (components.Length < room || (!responsibilities.IsEmpty && responsibilities.Length < room)
            || (!logDensities.IsEmpty && logDensities.Length < rows.Rows))
            throw new ArgumentException(
                $"{rows.Rows} rows × {top} components need as much room: there is {components.Length}, {responsibilities.Length} and {logDensities.Length}.",
                    nameof(components));
        fixed (double* densities = logDensities)
        fixed (int* labels = components)
        fixed (double* shares = responsibilities)
        {
            (nint densityAddress, nint labelAddress, nint shareAddress) = ((nint)densities, (nint)labels, (nint)shares);
            int chunks = (rows.Rows + MixtureOracle.ChunkRows - 1) / MixtureOracle.ChunkRows;
            parallel.For(chunks, chunk =>
            {
                int start = chunk * MixtureOracle.ChunkRows;
                int count = Math.Min(MixtureOracle.ChunkRows, rows.Rows - start);
                ScoreChunk(rows, start, count, top, (double*)densityAddress, (int*)labelAddress, (double*)shareAddress);
            });
        }
    }

    private void ScoreChunk(RowBlock rows, int start, int count, int top, double* densities, int* labels, double* shares)
    {
        ChunkScratch scratch = ChunkScratch.Borrow();
        try
        {
            scratch.Prepare(_table.K, _table.Columns, triangular: false);
            _kernel.Load(rows, start, count, scratch, _origins);
            new Span<double>(scratch.Weights, count).Fill(1);
            _kernel.Look(_table, count, default, scratch);
            if (densities != null)
                new ReadOnlySpan<double>(scratch.LogDensities, count).CopyTo(new Span<double>(densities + start, count));
            if (top == 1 && shares == null)
                scratch.Labels.AsSpan(0, count).CopyTo(new Span<int>(labels + start, count));
            else
                Rank(scratch, count, top, labels + ((long)start * top), shares == null ? null : shares + ((long)start * top));
        }
        finally
        {
            ChunkScratch.Return(scratch);
        }
    }

    /// <summary>Sorts each row's components into its places. The label comes first even where another's responsibility rounds to the same.</summary>
    private void Rank(ChunkScratch scratch, int count, int top, int* labels, double* shares)
    {
        double[]? own = shares == null ? new double[count * top] : null;
        fixed (double* ranked = own)
        {
            double* values = shares == null ? ranked : shares;
            new Span<int>(labels, count * top).Fill(-1);
            new Span<double>(values, count * top).Clear();
            for (int c = 0; c < _table.K; c++)
            {
                int picked = scratch.Pick(c, sorted: true);
                for (int i = 0; i < picked; i++)
                {
                    int row = scratch.Picked[i];
                    Insert(c, scratch.Shares[i], scratch.Labels[row] == c, top, labels + (row * top), values + (row * top));
                }
            }

            // A row infinitely far from every component has no responsibilities but a label.
            for (int i = 0; i < count; i++)
            {
                if (labels[i * top] < 0)
                    labels[i * top] = scratch.Labels[i];
            }
        }
    }

    private static void Insert(int component, double share, bool isLabel, int top, int* labels, double* shares)
    {
        int place = top;
        while (place > 0 && (labels[place - 1] < 0 || shares[place - 1] < share || (isLabel && shares[place - 1] == share)))
            place--;
        if (place == top)
            return;
        for (int i = top - 1; i > place; i--)
            (labels[i], shares[i]) = (labels[i - 1], shares[i - 1]);
        (labels[place], shares[place]) = (component, share);
    }
}
