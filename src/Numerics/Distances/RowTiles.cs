using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Distances;

/// <summary>
/// Writes rows as the nearest-centre kernel reads them: centred, scaled by a power of two, rounded to float32,
/// in tiles of 32 rows with the rows in lanes (tile, column, row), each with a bound on its norm.
/// </summary>
internal abstract unsafe class RowTiles
{
    /// <summary>Room that packing needs for a tile of d columns.</summary>
    public static int Scratch(int columns) => NearestKernel.TileRows * Transpose.Stride(columns);

    /// <summary>Packs rows into tiles; what fills the last tile is of no meaning.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">First row to pack.</param>
    /// <param name="count">Rows to pack.</param>
    /// <param name="frame">Origins and scale.</param>
    /// <param name="tiles">Out: ⌈count / 32⌉ × columns × 32.</param>
    /// <param name="norms">Out: ⌈count / 32⌉ × 32; infinite for a row out of float32's range, which is packed as zero.</param>
    /// <param name="scratch">Room for <see cref="Scratch"/> values.</param>
    /// <param name="which">The rows to pack, counted from <paramref name="first"/>; null: they follow each other.</param>
    public abstract void Pack(RowBlock rows, int first, int count, TileFrame frame, float* tiles, float* norms, float* scratch, int* which = null);

    /// <summary>Centres and scales one row as <see cref="Pack"/> does, column after column.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="row">Which.</param>
    /// <param name="frame">Origins and scale.</param>
    /// <param name="target">Out: as many values as <see cref="Transpose.Stride"/> says, zero beyond the columns.</param>
    public abstract void Centre(RowBlock rows, int row, TileFrame frame, float* target);

    /// <summary>The packer of one width.</summary>
    public static RowTiles For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new RowTiles<DoubleLanes512, Vector512<double>, FloatLanes512, Vector512<float>>(width),
        SimdWidth.V256 => new RowTiles<DoubleLanes256, Vector256<double>, FloatLanes256, Vector256<float>>(width),
        SimdWidth.V128 => new RowTiles<DoubleLanes128, Vector128<double>, FloatLanes128, Vector128<float>>(width),
        _ => new RowTiles<DoubleLanesScalar, double, FloatLanesScalar, float>(width),
    };
}

/// <inheritdoc/>
internal sealed unsafe class RowTiles<TDoubles, TDouble, TSingles, TSingle>(SimdWidth width) : RowTiles
    where TDoubles : struct, IDoubleLanes<TDouble>
    where TDouble : struct
    where TSingles : struct, IFloatLanes<TSingle>
    where TSingle : struct
{
    private const int TileRows = NearestKernel.TileRows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Pack(RowBlock rows, int first, int count, TileFrame frame, float* tiles, float* norms, float* scratch, int* which = null)
    {
        if (rows.Precision == Precision.Float32 && frame.SingleOrigins is { } singleOrigins)
            PackSingles(rows, first, count, singleOrigins, frame, tiles, norms, scratch, which);
        else
            PackDoubles(rows, first, count, frame, tiles, norms, scratch, which);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Centre(RowBlock rows, int row, TileFrame frame, float* target)
    {
        int d = rows.Columns;
        fixed (float* singles = rows.Float32.Span, singleOrigins = frame.SingleOrigins)
        fixed (double* doubles = rows.Float64.Span, origins = frame.Origins)
        {
            if (singles != null && singleOrigins != null)
                CentreSingles(singles + ((long)row * d), d, singleOrigins, (float)Math.ScaleB(1, frame.ScaleExponent), target);
            else if (singles != null)
                Centre(singles + ((long)row * d), d, origins, Math.ScaleB(1, frame.ScaleExponent), target);
            else
                Centre(doubles + ((long)row * d), d, origins, Math.ScaleB(1, frame.ScaleExponent), target);
        }

        new Span<float>(target + d, Transpose.Stride(d) - d).Clear();
    }

    /// <summary>Float32 rows: read where they are, or copied together when they are apart or the block ends with them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackSingles(RowBlock rows, int first, int count, float[] origins, TileFrame frame, float* tiles, float* norms, float* scratch, int* which)
    {
        int d = rows.Columns;
        int stride = Transpose.Stride(d);
        float factor = (float)Math.ScaleB(1, frame.ScaleExponent);
        float limit = (float)Certificate.NormLimit(frame.ScaleExponent);
        fixed (float* values = rows.Float32.Span, origin = origins)
        {
            for (int done = 0; done < count; done += TileRows)
            {
                int size = Math.Min(TileRows, count - done);
                float* source = values + ((long)(first + done) * d);
                if (which == null && first + done + TileRows + (Transpose.Block / d) < rows.Rows)
                {
                    Transpose.Tile(source, d, d, origin, factor, tiles, width);
                }
                else
                {
                    for (int i = 0; i < TileRows; i++)
                    {
                        float* row = which == null ? source + (i * d) : values + ((long)(first + which[Math.Min(i, size - 1)]) * d);
                        new ReadOnlySpan<float>(i < size ? row : origin, d).CopyTo(new Span<float>(scratch + (i * stride), d));
                    }

                    Transpose.Tile(scratch, stride, d, origin, factor, tiles, width);
                    if (which != null)
                        which += TileRows;
                }

                Norms(tiles, d, limit, norms);
                tiles += TileRows * d;
                norms += TileRows;
            }
        }
    }

    /// <summary>(x − o) · 2^s in float64, rounded to float32 a row after the other, then turned around.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackDoubles(RowBlock rows, int first, int count, TileFrame frame, float* tiles, float* norms, float* scratch, int* which)
    {
        int d = rows.Columns;
        int stride = Transpose.Stride(d);
        double factor = Math.ScaleB(1, frame.ScaleExponent);
        float limit = (float)Certificate.NormLimit(frame.ScaleExponent);
        fixed (float* singles = rows.Float32.Span, zero = frame.Zeros)
        fixed (double* doubles = rows.Float64.Span, origin = frame.Origins)
        {
            for (int done = 0; done < count; done += TileRows)
            {
                int size = Math.Min(TileRows, count - done);
                for (int i = 0; i < size; i++)
                {
                    long row = (first + (which == null ? done + i : (long)which[i])) * d;
                    if (singles != null)
                        Centre(singles + row, d, origin, factor, scratch + (i * stride));
                    else
                        Centre(doubles + row, d, origin, factor, scratch + (i * stride));
                }

                new Span<float>(scratch + (size * stride), (TileRows - size) * stride).Clear();
                Transpose.Tile(scratch, stride, d, zero, 1, tiles, width);
                Norms(tiles, d, limit, norms);
                if (which != null)
                    which += TileRows;
                tiles += TileRows * d;
                norms += TileRows;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CentreSingles(float* row, int columns, float* origins, float factor, float* target)
    {
        TSingle scale = TSingles.Broadcast(factor);
        int j = 0;
        for (; j <= columns - TSingles.Width; j += TSingles.Width)
            TSingles.Store(TSingles.Multiply(TSingles.Subtract(TSingles.Load(row + j), TSingles.Load(origins + j)), scale), target + j);
        for (; j < columns; j++)
            target[j] = (row[j] - origins[j]) * factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Centre<T>(T* row, int columns, double* origins, double factor, float* target)
        where T : unmanaged
    {
        TDouble scale = TDoubles.Broadcast(factor);
        int j = 0;
        for (; j <= columns - TDoubles.Width; j += TDoubles.Width)
        {
            TDouble x = typeof(T) == typeof(float) ? TDoubles.Load((float*)row + j) : TDoubles.Load((double*)row + j);
            TDoubles.Store(TDoubles.Multiply(TDoubles.Subtract(x, TDoubles.Load(origins + j)), scale), target + j);
        }

        for (; j < columns; j++)
        {
            double x = typeof(T) == typeof(float) ? ((float*)row)[j] : ((double*)row)[j];
            target[j] = (float)((x - origins[j]) * factor);
        }
    }

    /// <summary>
    /// A bound on the norm of each row before it was rounded: the sum of squares has lost at most d roundings, the row one,
    /// the root one, and squares below 2^−149 vanish. Rows beyond the limit become zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Norms(float* tile, int columns, float limit, float* norms)
    {
        TSingle up = TSingles.Broadcast(1 + ((columns + 8) * (1f / (1 << 24))));
        for (int i = 0; i < TileRows; i += TSingles.Width)
        {
            TSingle sum = TSingles.Broadcast(0);
            for (int j = 0; j < columns; j++)
            {
                TSingle x = TSingles.Load(tile + (j * TileRows) + i);
                sum = TSingles.FusedMultiplyAdd(x, x, sum);
            }

            TSingle norm = TSingles.FusedMultiplyAdd(TSingles.Sqrt(sum), up, TSingles.Broadcast(Certificate.NormFloor));
            TSingles.Store(norm, norms + i);
            for (uint beyond = TSingles.NotGreater(TSingles.Broadcast(limit), norm); beyond != 0; beyond &= beyond - 1)
            {
                int row = i + BitOperations.TrailingZeroCount(beyond);
                norms[row] = float.PositiveInfinity;
                for (int j = 0; j < columns; j++)
                    tile[(j * TileRows) + row] = 0;
            }
        }
    }
}
