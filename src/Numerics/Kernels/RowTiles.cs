using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OrleansCluster.Numerics.Kernels;

/// <summary>
/// Writes rows as the nearest-centre kernel reads them: centred in float64, scaled by a power of two, rounded to float32,
/// in tiles of 32 rows with the rows in lanes (tile, column, row), each with a bound on its norm.
/// </summary>
internal abstract unsafe class RowTiles
{
    /// <summary>Packs rows into tiles; rows that fill the last tile are zero.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">First row to pack.</param>
    /// <param name="count">Rows to pack.</param>
    /// <param name="origins">Subtracted from each column.</param>
    /// <param name="scaleExponent">s: centred values are multiplied by 2^s.</param>
    /// <param name="tiles">Out: ⌈count / 32⌉ × columns × 32.</param>
    /// <param name="norms">Out: ⌈count / 32⌉ × 32; infinite for a row out of float32's range, which is packed as zero.</param>
    /// <param name="scratch">Room for 32 × <see cref="Transpose.Stride"/> values.</param>
    /// <param name="which">The rows to pack, counted from <paramref name="first"/>; null: they follow each other.</param>
    public abstract void Pack(RowBlock rows, int first, int count, double[] origins, int scaleExponent, float* tiles, float* norms, float* scratch, int* which = null);

    /// <summary>The packer of one width.</summary>
    public static RowTiles For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new RowTiles<DoubleLanes512, Vector512<double>>(width),
        SimdWidth.V256 => new RowTiles<DoubleLanes256, Vector256<double>>(width),
        SimdWidth.V128 => new RowTiles<DoubleLanes128, Vector128<double>>(width),
        _ => new RowTiles<DoubleLanesScalar, double>(width),
    };
}

/// <inheritdoc/>
internal sealed unsafe class RowTiles<TLanes, TVector>(SimdWidth width) : RowTiles
    where TLanes : struct, IDoubleLanes<TVector>
    where TVector : struct
{
    private const int TileRows = NearestKernel.TileRows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Pack(RowBlock rows, int first, int count, double[] origins, int scaleExponent, float* tiles, float* norms, float* scratch, int* which = null)
    {
        int d = rows.Columns;
        double factor = Math.ScaleB(1, scaleExponent);
        double limit = Certificate.NormLimit(scaleExponent);
        long start = (long)first * d;
        fixed (float* singles = rows.Float32.Span)
        fixed (double* doubles = rows.Float64.Span, origin = origins)
        {
            for (int done = 0; done < count; done += TileRows)
            {
                int size = Math.Min(TileRows, count - done);
                if (singles != null)
                    Centre(singles + start, which, size, d, origin, factor, scratch);
                else
                    Centre(doubles + start, which, size, d, origin, factor, scratch);
                new Span<float>(scratch + (size * Transpose.Stride(d)), (TileRows - size) * Transpose.Stride(d)).Clear();
                Transpose.Tile(scratch, d, tiles, width);
                Norms(tiles, d, limit, norms);
                if (which == null)
                    start += (long)TileRows * d;
                else
                    which += TileRows;
                tiles += TileRows * d;
                norms += TileRows;
            }
        }
    }

    /// <summary>(x − o) · 2^s in float64, rounded to float32, a row after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Centre<T>(T* rows, int* which, int count, int columns, double* origins, double factor, float* target)
        where T : unmanaged
    {
        int stride = Transpose.Stride(columns);
        int whole = columns - (columns % TLanes.Width);
        TVector scale = TLanes.Broadcast(factor);
        for (int i = 0; i < count; i++)
        {
            T* row = rows + ((which == null ? i : which[i]) * (long)columns);
            for (int j = 0; j < whole; j += TLanes.Width)
            {
                TVector x = typeof(T) == typeof(float) ? TLanes.Load((float*)row + j) : TLanes.Load((double*)row + j);
                TLanes.Store(TLanes.Multiply(TLanes.Subtract(x, TLanes.Load(origins + j)), scale), target + j);
            }

            for (int j = whole; j < columns; j++)
            {
                double x = typeof(T) == typeof(float) ? ((float*)row)[j] : ((double*)row)[j];
                target[j] = (float)((x - origins[j]) * factor);
            }

            target += stride;
        }
    }

    /// <summary>A bound on the norm of each row before it was rounded to float32: the sum of squares may have lost d + 2 roundings.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Norms(float* tile, int columns, double limit, float* norms)
    {
        double* squares = stackalloc double[TileRows];
        for (int i = 0; i < TileRows; i += TLanes.Width)
        {
            TVector sum = TLanes.Broadcast(0);
            for (int j = 0; j < columns; j++)
            {
                TVector x = TLanes.Load(tile + (j * TileRows) + i);
                sum = TLanes.FusedMultiplyAdd(x, x, sum);
            }

            TLanes.Store(sum, squares + i);
        }

        for (int i = 0; i < TileRows; i++)
        {
            double root = (Math.Sqrt(squares[i]) * (1 + (1.0 / (1 << 20)))) + 1e-40;
            norms[i] = root <= limit ? MathF.BitIncrement((float)root) : float.PositiveInfinity;
            if (!(root <= limit))
            {
                for (int j = 0; j < columns; j++)
                    tile[(j * TileRows) + i] = 0;
            }
        }
    }
}
