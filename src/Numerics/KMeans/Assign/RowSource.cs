using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using OrleansCluster.Numerics.Distances;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>The rows as they came; one of the first two is null, the weights may be.</summary>
internal readonly unsafe struct RowSource(float* singles, double* doubles, double* weights, int columns)
{
    public float* Singles { get; } = singles;

    public double* Doubles { get; } = doubles;

    public double* Weights { get; } = weights;

    public int Columns { get; } = columns;

    public int TileBytes => NearestKernel.TileRows * RowBytes;

    private int RowBytes { get; } = columns * (singles != null ? sizeof(float) : sizeof(double));

    /// <summary>Where a row begins; it need not exist.</summary>
    public byte* At(int row) => Singles != null ? (byte*)(Singles + ((long)row * Columns)) : (byte*)(Doubles + ((long)row * Columns));

    /// <summary>Asks for a row's memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Soon(int row)
    {
        byte* at = At(row);
        for (int line = 0; line < RowBytes && Sse.IsSupported; line += 64)
            Sse.Prefetch0(at + line);
    }
}
