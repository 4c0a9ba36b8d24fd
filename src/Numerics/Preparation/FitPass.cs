using System.Collections.Immutable;
using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>What a pass over the rows finds out about columns. Values are part of the format.</summary>
internal enum FitQuestion : byte
{
    /// <summary>Least and greatest values; missing ones are passed over.</summary>
    Ranges = 1,

    /// <summary>The same of rows that a model will see: a missing value shows as a range of NaN.</summary>
    Bounds = 2,

    /// <summary>
    /// For each column, on the grid of a frame: Σ w(x − o), Σ w, values. Integers: exponents of ranges, then that of weights; numbers: origins.
    /// </summary>
    Sums = 3,

    /// <summary>For each column Σ w(x − m)². Integers: exponents of the columns' grids; numbers: m.</summary>
    Squares = 4,

    /// <summary>
    /// For each pair of columns, the second not before the first, Σ w(x − m)(y − n). Integers: exponents a of columns, then that of the grid without them;
    /// numbers: m.
    /// </summary>
    Products = 5,

    /// <summary>For each column how many values continue a beginning of digits how. Integers: how many digits are known, then those of each column.</summary>
    Digits = 6,

    /// <summary>
    /// For each column: missing values, others than counted, and how often each of some whole numbers occurs. Integers: for each the first, and how many.
    /// </summary>
    Tallies = 7,

    /// <summary>Derivatives that find the exponents of a power transform. Numbers: the exponents λ, then for each column 7 grids' exponents.</summary>
    Powers = 8,

    /// <summary>As <see cref="Digits"/>, of many columns. Integers: how many digits are told apart, how many are known, then those of each.</summary>
    FewDigits = 9,
}

/// <summary>One pass over prepared rows: pure, so that with a shard's rows it determines the answer, which is exact sums or ranges.</summary>
/// <param name="Question">What it finds out.</param>
/// <param name="Columns">Positions of columns among those of the rows, for each of which it does.</param>
/// <param name="Numbers">As the question says.</param>
/// <param name="Integers">As the question says.</param>
internal sealed record FitPass(FitQuestion Question, ImmutableArray<int> Columns, ImmutableArray<double> Numbers, ImmutableArray<long> Integers)
{
    public FitPass(FitQuestion question, ImmutableArray<int> columns)
        : this(question, columns, ImmutableArray<double>.Empty, ImmutableArray<long>.Empty)
    {
    }

    public void Write(ByteWriter writer)
    {
        writer.Byte((byte)Question);
        writer.Int32s(Columns.AsSpan());
        writer.Doubles(Numbers.AsSpan());
        writer.Int32(Integers.Length);
        writer.Int64s(Integers.AsSpan());
    }

    /// <exception cref="InvalidDataException">There is no such question.</exception>
    public static FitPass Read(ByteReader reader)
    {
        var question = (FitQuestion)reader.Byte();
        if (!Enum.IsDefined(question))
            throw new InvalidDataException($"There is no question {(byte)question} about columns.");
        return new FitPass(question, [.. reader.Int32s()], [.. reader.Doubles()], [.. reader.Int64s(reader.Length(8))]);
    }
}
