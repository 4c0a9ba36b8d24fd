using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Tests.Exact;

/// <summary>Sums stay exact where they leave 64 bits, and their encoding does not tell how they came about.</summary>
public sealed class ExactTotalsTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void Merging_leaves_64_bits_only_where_it_must(int length)
    {
        var random = new Random(length);
        for (int large = 0; large < length; large++)
        {
            long[] first = [.. Enumerable.Range(0, length).Select(_ => random.NextInt64(-1000, 1000))];
            long[] second = [.. first.Select(_ => random.NextInt64(-1000, 1000))];
            (first[large], second[large]) = large % 2 == 0 ? (long.MaxValue - 5, 9L) : (long.MinValue + 5, -9L);
            Int128[] expected = [.. first.Zip(second, (a, b) => (Int128)a + b)];

            var merged = new ExactTotals([.. first]);
            merged.MergeFrom(new ExactTotals([.. second]));
            Statistic.Decode<ExactTotals>(merged.Encode()).Values.ShouldBe(expected);
            merged.Encode().ToArray().ShouldBe(new ExactTotals(expected).Encode().ToArray());

            // Back within 64 bits: the encoding is that of sums that never left them.
            merged.MergeFrom(new ExactTotals([.. second.Select(value => -value)]));
            merged.Encode().ToArray().ShouldBe(new ExactTotals([.. first]).Encode().ToArray());
        }
    }

    [Fact]
    public void Lists_of_other_lengths_are_refused()
        => Should.Throw<InvalidDataException>(() => new ExactTotals([1L]).MergeFrom(new ExactTotals([1L, 2L])));
}
