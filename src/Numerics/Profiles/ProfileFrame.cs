using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>What a profile of rows counts by: for each column equally wide bins between its least and its greatest value.</summary>
/// <param name="Minima">Least value of each column.</param>
/// <param name="Maxima">Greatest value of each column.</param>
/// <param name="K">Number of clusters.</param>
/// <param name="Scores">How many scores each row has.</param>
public sealed record ProfileFrame(double[] Minima, double[] Maxima, int K, int Scores)
{
    /// <summary>Bins of a column.</summary>
    public const int Bins = 64;

    /// <summary>Number of columns.</summary>
    public int Columns => Minima.Length;

    /// <summary>
    /// The bin of a value: <c>⌊64·(x − least) / (greatest − least)⌋</c>, the last one for the greatest value; values outside count in the outermost bins.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bin(int column, double value) => Bin(Minima[column], Maxima[column], value);

    /// <summary>The same of a column between two values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Bin(double least, double greatest, double value)
    {
        double at = (value - least) / (greatest - least) * Bins;
        // Of a constant column, or one whose range overflows, nothing can be told apart.
        return at > 0 ? (int)Math.Min(at, Bins - 1) : 0;
    }

    internal void Write(ByteWriter writer)
    {
        writer.Doubles(Minima);
        writer.Doubles(Maxima);
        writer.Int32(K);
        writer.Int32(Scores);
    }

    internal static ProfileFrame Read(ByteReader reader) => new(reader.Doubles(), reader.Doubles(), reader.Int32(), reader.Int32());
}
