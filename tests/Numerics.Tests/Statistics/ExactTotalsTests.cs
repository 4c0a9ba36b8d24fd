using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Tests.Statistics;

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

    /// <summary>Encodings are added up as they are; where they cannot be, the answer is that of merging what they decode to.</summary>
    [Theory]
    [InlineData(3, 3)]
    [InlineData(20_000, 5)]
    public void Encodings_merge_to_the_bytes_of_what_they_decode_to(int length, int lists)
    {
        var random = new Random(length);
        for (int round = 0; round < 12; round++)
        {
            long[][] values = [.. Enumerable.Range(0, lists).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextInt64(-1000, 1000)).ToArray())];
            // Past 64 bits and back, past them to stay, and not at all.
            int large = random.Next(length);
            if (round % 3 > 0)
                (values[0][large], values[1][large]) = (long.MaxValue - 3, 2000);
            if (round % 3 > 1)
                values[^1][large] = -5000;
            ExactTotals expected = new([.. values[0]]);
            foreach (long[] following in values[1..])
                expected.MergeFrom(new ExactTotals([.. following]));
            ReadOnlyMemory<byte>[] encoded = [.. values.Select(list => (ReadOnlyMemory<byte>)new ExactTotals(list).Encode())];
            (ExactTotals.TryMerge(encoded, Sequential.Instance) is null).ShouldBe(round % 3 > 0);
            StatisticMerge.Merge(encoded).ToArray().ShouldBe(expected.Encode().ToArray());
            StatisticMerge.Merge(encoded, new KMeans.Threads(3)).ToArray().ShouldBe(expected.Encode().ToArray());
        }
    }

    [Fact]
    public void Only_whole_encodings_of_one_length_are_added_up()
    {
        byte[] one = new ExactTotals([1L, 2L]).Encode().ToArray(), other = new ExactTotals([1L]).Encode().ToArray();
        byte[] wide = new ExactTotals([(Int128)long.MaxValue + 1, 0]).Encode().ToArray();
        foreach (byte[] odd in new[] { other, one[..^1], [.. one, 0], one[..5], [] })
        {
            ExactTotals.TryMerge([one, odd], Sequential.Instance).ShouldBeNull();
            ExactTotals.TryMerge([odd, one], Sequential.Instance).ShouldBeNull();
            Should.Throw<InvalidDataException>(() => StatisticMerge.Merge([one, odd]));
            Should.Throw<InvalidDataException>(() => StatisticMerge.Merge([odd, one]));
        }

        Statistic.Decode<ExactTotals>(StatisticMerge.Merge([one, wide])).Values.ShouldBe([(Int128)long.MaxValue + 2, 2]);
    }

    [Fact]
    public void Lists_of_other_lengths_are_refused()
        => Should.Throw<InvalidDataException>(() => new ExactTotals([1L]).MergeFrom(new ExactTotals([1L, 2L])));
}
