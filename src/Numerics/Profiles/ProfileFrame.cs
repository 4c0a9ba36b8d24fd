using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    internal static int Bin(double least, double greatest, double value)
    {
        double at = (value - least) / (greatest - least) * Bins;
        // Of a constant column, or one whose range overflows, nothing can be told apart.
        return at > 0 ? (int)Math.Min(at, Bins - 1) : 0;
    }

    /// <summary>The bins of a row's values, as numbers that are cut off to whole ones.</summary>
    internal void Places(ReadOnlySpan<double> row, Span<double> places)
    {
        ReadOnlySpan<double> minima = Minima.AsSpan(0, row.Length), maxima = Maxima.AsSpan(0, row.Length);
        int j = 0;
        for (; j <= row.Length - Vector256<double>.Count; j += Vector256<double>.Count)
        {
            Vector256<double> least = Vector256.Create(minima[j..]);
            Vector256<double> at = (Vector256.Create(row[j..]) - least) / (Vector256.Create(maxima[j..]) - least) * Vector256.Create((double)Bins);
            Vector256<double> last = Vector256.Create(Bins - 1.0);
            at = Vector256.ConditionalSelect(Vector256.GreaterThan(at, Vector256<double>.Zero), at, Vector256<double>.Zero);
            Vector256.ConditionalSelect(Vector256.LessThan(at, last), at, last).CopyTo(places[j..]);
        }

        for (; j < row.Length; j++)
            places[j] = Bin(minima[j], maxima[j], row[j]);
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
