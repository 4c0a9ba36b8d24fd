using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Distances;

/// <summary>Turns a tile of rows around, from a row after the other to a column after the other (rows in lanes), and centres it on the way.</summary>
internal static unsafe class Transpose
{
    /// <summary>Rows are read in blocks of this many values: beyond their end, up to the next multiple of it.</summary>
    public const int Block = 16;

    /// <summary>d rounded up to whole blocks.</summary>
    public static int Stride(int columns) => (columns + Block - 1) / Block * Block;

    /// <summary>target[j · 32 + i] = (source[i · stride + j] − origins[j]) · factor for 32 rows i and <paramref name="columns"/> columns j.</summary>
    /// <param name="source">32 rows, readable to the end of the last row's last block.</param>
    /// <param name="stride">Values from a row to the next, at least <paramref name="columns"/>.</param>
    /// <param name="columns">d.</param>
    /// <param name="origins">Whole blocks.</param>
    /// <param name="factor">A power of two.</param>
    /// <param name="target">Out: d × 32.</param>
    /// <param name="width">Which vectors to use.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile(float* source, int stride, int columns, float* origins, float factor, float* target, SimdWidth width)
    {
        if (width == SimdWidth.V512 && Avx512F.IsSupported)
        {
            for (int i = 0; i < NearestKernel.TileRows; i += 16)
            {
                for (int j = 0; j < columns; j += 16)
                    Block16(source + (i * (long)stride) + j, stride, origins + j, factor, target + (j * NearestKernel.TileRows) + i, NearestKernel.TileRows,
                        columns - j);
            }
        }
        else if (width >= SimdWidth.V256 && Avx.IsSupported)
        {
            for (int i = 0; i < NearestKernel.TileRows; i += 8)
            {
                for (int j = 0; j < columns; j += 8)
                    Block8(source + (i * (long)stride) + j, stride, origins + j, factor, target + (j * NearestKernel.TileRows) + i, columns - j);
            }
        }
        else
        {
            for (int j = 0; j < columns; j++)
            {
                for (int i = 0; i < NearestKernel.TileRows; i++)
                    target[(j * NearestKernel.TileRows) + i] = (source[(i * (long)stride) + j] - origins[j]) * factor;
            }
        }
    }

    /// <summary>The way back, of whole blocks: target[i · targetStride + j] = source[j · 32 + i] for 32 rows i and columns j.</summary>
    /// <param name="source">columns × 32.</param>
    /// <param name="columns">A whole number of blocks.</param>
    /// <param name="target">Out: 32 rows of at least as many values.</param>
    /// <param name="targetStride">Values from a row of the target to the next.</param>
    /// <param name="width">Which vectors to use.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Back(float* source, int columns, float* target, long targetStride, SimdWidth width)
    {
        if (width == SimdWidth.V512 && Avx512F.IsSupported)
        {
            float* zeros = stackalloc float[Block];
            new Span<float>(zeros, Block).Clear();
            for (int j = 0; j < columns; j += Block)
            {
                for (int i = 0; i < NearestKernel.TileRows; i += Block)
                    Block16(source + (j * NearestKernel.TileRows) + i, NearestKernel.TileRows, zeros, 1, target + (i * targetStride) + j, targetStride, Block);
            }

            return;
        }

        for (int i = 0; i < NearestKernel.TileRows; i++)
        {
            for (int j = 0; j < columns; j++)
                target[(i * targetStride) + j] = source[(j * NearestKernel.TileRows) + i];
        }
    }

    /// <summary>Sixteen rows by sixteen columns, of which at most <paramref name="columns"/> are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block16(float* source, long stride, float* origins, float factor, float* target, long targetStride, int columns)
    {
        Vector512<float> origin = Vector512.Load(origins), scale = Vector512.Create(factor);
        Quad16(source, stride, origin, scale, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
        Quad16(
            source + (4 * stride), stride, origin, scale, out Vector512<float> b0, out Vector512<float> b1, out Vector512<float> b2, out Vector512<float> b3);
        Quad16(
            source + (8 * stride), stride, origin, scale, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
        Quad16(
            source + (12 * stride), stride, origin, scale, out Vector512<float> d0, out Vector512<float> d1, out Vector512<float> d2, out Vector512<float> d3);
        Join16(a0, b0, c0, d0, target, targetStride, columns, 0);
        Join16(a1, b1, c1, d1, target, targetStride, columns, 1);
        Join16(a2, b2, c2, d2, target, targetStride, columns, 2);
        Join16(a3, b3, c3, d3, target, targetStride, columns, 3);
    }

    /// <summary>Four rows: lane group g of output m holds column 4g + m of the four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quad16(float* source, long stride, Vector512<float> origin, Vector512<float> scale, out Vector512<float> m0, out Vector512<float> m1,
        out Vector512<float> m2, out Vector512<float> m3)
    {
        Vector512<float> r0 = (Vector512.Load(source) - origin) * scale, r1 = (Vector512.Load(source + stride) - origin) * scale;
        Vector512<float> r2 = (Vector512.Load(source + (2 * stride)) - origin) * scale, r3 = (Vector512.Load(source + (3 * stride)) - origin) * scale;
        Vector512<double> low01 = Avx512F.UnpackLow(r0, r1).AsDouble(), high01 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(r2, r3).AsDouble(), high23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        m0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        m1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        m2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        m3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>Columns m, 4 + m, 8 + m and 12 + m of sixteen rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join16(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, long targetStride, int columns, int m)
    {
        Vector512<float> evenAb = Avx512F.Shuffle4x128(a, b, 0x88), oddAb = Avx512F.Shuffle4x128(a, b, 0xDD);
        Vector512<float> evenCd = Avx512F.Shuffle4x128(c, d, 0x88), oddCd = Avx512F.Shuffle4x128(c, d, 0xDD);
        Write(Avx512F.Shuffle4x128(evenAb, evenCd, 0x88), m);
        Write(Avx512F.Shuffle4x128(oddAb, oddCd, 0x88), 4 + m);
        Write(Avx512F.Shuffle4x128(evenAb, evenCd, 0xDD), 8 + m);
        Write(Avx512F.Shuffle4x128(oddAb, oddCd, 0xDD), 12 + m);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Write(Vector512<float> column, int j)
        {
            if (j < columns)
                column.Store(target + (j * targetStride));
        }
    }

    /// <summary>Eight rows by eight columns, of which at most <paramref name="columns"/> are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block8(float* source, long stride, float* origins, float factor, float* target, int columns)
    {
        Vector256<float> origin = Vector256.Load(origins), scale = Vector256.Create(factor);
        Quad8(source, stride, origin, scale, out Vector256<float> a0, out Vector256<float> a1, out Vector256<float> a2, out Vector256<float> a3);
        Quad8(source + (4 * stride), stride, origin, scale, out Vector256<float> b0, out Vector256<float> b1, out Vector256<float> b2, out Vector256<float> b3);
        Join8(a0, b0, target, columns, 0);
        Join8(a1, b1, target, columns, 1);
        Join8(a2, b2, target, columns, 2);
        Join8(a3, b3, target, columns, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quad8(float* source, long stride, Vector256<float> origin, Vector256<float> scale, out Vector256<float> m0, out Vector256<float> m1,
        out Vector256<float> m2, out Vector256<float> m3)
    {
        Vector256<float> r0 = (Vector256.Load(source) - origin) * scale, r1 = (Vector256.Load(source + stride) - origin) * scale;
        Vector256<float> r2 = (Vector256.Load(source + (2 * stride)) - origin) * scale, r3 = (Vector256.Load(source + (3 * stride)) - origin) * scale;
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        m0 = Avx.UnpackLow(low01, low23).AsSingle();
        m1 = Avx.UnpackHigh(low01, low23).AsSingle();
        m2 = Avx.UnpackLow(high01, high23).AsSingle();
        m3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join8(Vector256<float> a, Vector256<float> b, float* target, int columns, int m)
    {
        if (m < columns)
            Avx.Permute2x128(a, b, 0x20).Store(target + (m * NearestKernel.TileRows));
        if (4 + m < columns)
            Avx.Permute2x128(a, b, 0x31).Store(target + ((4 + m) * NearestKernel.TileRows));
    }
}
