using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Distances;

/// <summary>
/// Finds the nearest of a fixed set of centres for any rows: the one of least canonical distance, the lowest index on equal distance.
/// Prepared once; safe for concurrent use.
/// </summary>
public sealed unsafe class NearestCentroid
{
    [ThreadStatic]
    private static Scratch? _threadScratch;

    private readonly double[] _centroids;
    private readonly TileFrame _frame;
    private readonly CentroidTable _table = new();
    private readonly RowTiles _packer;
    private readonly NearestKernel _nearest;
    private readonly CanonicalKernel _canonical;
    private readonly DistanceKernel _distances;

    /// <summary>Prepares the centres.</summary>
    /// <param name="centroids">k × d, row-major, finite; copied.</param>
    /// <param name="k">Number of centres, at least 1.</param>
    /// <param name="columns">d, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public NearestCentroid(double[] centroids, int k, int columns)
        : this(centroids, k, columns, SimdSelection.Current)
    {
    }

    /// <summary>Prepares the centres for kernels of a given width.</summary>
    internal NearestCentroid(double[] centroids, int k, int columns, SimdWidth width)
    {
        if (k < 1 || columns < 1 || centroids.Length != (long)k * columns)
            throw new ArgumentException($"{centroids.Length} values are not {k} centres of {columns} columns.", nameof(centroids));
        _centroids = (double[])centroids.Clone();
        _frame = FrameOf(centroids, k, columns);
        _table.Set(centroids, k, _frame.Origins, _frame.ScaleExponent);
        _packer = RowTiles.For(width);
        _nearest = NearestKernel.For(width);
        _canonical = CanonicalKernel.For(width);
        _distances = DistanceKernel.For(width);
    }

    /// <summary>Number of centres.</summary>
    public int K => _table.K;

    public int Columns => _table.Columns;

    /// <summary>Assigns rows.</summary>
    /// <param name="rows">Finite rows of as many columns.</param>
    /// <param name="labels">Out: the nearest centre of each row; length ≥ rows.</param>
    /// <param name="squaredDistances">Out: canonical squared distance of each row to its centre; length ≥ rows, or empty when not wanted.</param>
    /// <param name="parallel">Where slices of rows run.</param>
    /// <exception cref="ArgumentException">The numbers of columns differ, or there is too little room.</exception>
    public void Assign(RowBlock rows, Span<int> labels, Span<double> squaredDistances, IParallel parallel)
    {
        if (rows.Columns != Columns)
            throw new ArgumentException($"Rows of {rows.Columns} columns for centres of {Columns}.", nameof(rows));
        if (labels.Length < rows.Rows || (!squaredDistances.IsEmpty && squaredDistances.Length < rows.Rows))
            throw new ArgumentException(
                $"{rows.Rows} rows need as many labels (and distances, or none): there is room for {labels.Length} ({squaredDistances.Length}).");
        fixed (int* label = labels)
        fixed (double* squared = squaredDistances)
        {
            int sliceRows = Slices.RowsOf(K, Columns);
            if (rows.Rows <= sliceRows)
            {
                AssignSlice(rows, 0, rows.Rows, label, squared);
                GC.KeepAlive(this);
                return;
            }

            (nint labelAddress, nint squaredAddress) = ((nint)label, (nint)squared);
            parallel.For((rows.Rows + sliceRows - 1) / sliceRows, slice =>
            {
                int first = slice * sliceRows;
                AssignSlice(rows, first, Math.Min(sliceRows, rows.Rows - first), (int*)labelAddress, (double*)squaredAddress);
            });
        }

        // The tables' memory goes with this object, which nobody else may hold.
        GC.KeepAlive(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AssignSlice(RowBlock rows, int first, int count, int* labels, double* squared)
    {
        if (K == 1)
        {
            AssignAll(rows, first, count, labels, squared);
            return;
        }

        Scratch scratch = _threadScratch ??= new Scratch();
        const int TileRows = NearestKernel.TileRows;
        int batchTiles = Math.Clamp((1 << 14) / (TileRows * Columns), 1, 16);
        float* tiles = scratch.Tiles.Reserve(batchTiles * TileRows * Columns);
        float* norms = scratch.Norms.Reserve(batchTiles * TileRows);
        double* row = scratch.Row.Reserve(Columns);
        int* fresh = stackalloc int[16 * TileRows];
        uint* unsure = stackalloc uint[16];
        for (int done = 0; done < count; done += batchTiles * TileRows)
        {
            int start = first + done;
            int size = Math.Min(batchTiles * TileRows, count - done);
            int batch = (size + TileRows - 1) / TileRows;
            _packer.Pack(rows, start, size, _frame, tiles, norms, scratch.Turn.Reserve(RowTiles.Scratch(Columns)));
            _nearest.Label(tiles, norms, batch, _table, fresh, unsure, null);
            for (int tile = 0; tile < batch; tile++)
            {
                for (uint mask = unsure[tile]; mask != 0; mask &= mask - 1)
                {
                    int i = (tile * TileRows) + BitOperations.TrailingZeroCount(mask);
                    if (i >= size)
                        break;
                    rows.CopyRow(start + i, new Span<double>(row, Columns));
                    fresh[i] = _canonical.Nearest(row, _table, out _);
                }
            }

            new ReadOnlySpan<int>(fresh, size).CopyTo(new Span<int>(labels + start, size));
            if (squared == null)
                continue;
            fixed (double* c = _centroids)
                SquaredDistances.Squared(_distances, rows, start, size, c, fresh, squared + start);
        }
    }

    /// <summary>One centre: nothing to choose.</summary>
    private void AssignAll(RowBlock rows, int first, int count, int* labels, double* squared)
    {
        new Span<int>(labels + first, count).Clear();
        if (squared == null)
            return;
        fixed (double* c = _centroids)
            SquaredDistances.Squared(_distances, rows, first, count, c, null, squared + first);
    }

    /// <summary>Origins near the middle of the centres and the power of two that brings them to about 1. Any choice gives the same labels.</summary>
    private static TileFrame FrameOf(double[] centroids, int k, int columns)
    {
        var origins = new double[columns];
        for (int c = 0; c < k; c++)
        {
            for (int j = 0; j < columns; j++)
                origins[j] += centroids[(c * columns) + j] / k;
        }

        double widest = 0;
        for (int i = 0; i < centroids.Length; i++)
            widest = Math.Max(widest, Math.Abs(centroids[i] - origins[i % columns]));
        // Out of range either way: the certificate then leaves every row to canonical distances.
        if (!double.IsFinite(widest))
            return TileFrame.Of(new double[columns], 0);
        return TileFrame.Of(origins, widest == 0 ? 0 : Math.Clamp(-Binary.CeilingExponent(widest), -900, 900));
    }

    private sealed class Scratch
    {
        public AlignedBuffer<float> Tiles { get; } = new();

        public AlignedBuffer<float> Norms { get; } = new();

        public AlignedBuffer<float> Turn { get; } = new();

        public AlignedBuffer<double> Row { get; } = new();
    }
}
