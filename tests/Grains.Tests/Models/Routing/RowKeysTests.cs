using System.Globalization;
using System.Text;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Grains.Tests.Models.Routing;

public sealed class RowKeysTests
{
    private const ulong KnownKey = 5996810383869429069;
    private const int KnownSlot = 345;

    [Fact]
    public void Keys_and_slots_are_what_they_always_were()
    {
        // A change here moves every key of every route.
        RowKeys.Of("").ShouldBe(RowKeys.Of(ReadOnlySpan<byte>.Empty));
        RowKeys.Of("row-17").ShouldBe(Expected(Encoding.UTF8.GetBytes("row-17")));
        RowKeys.Of("a rather longer id than one word").ShouldBe(Expected(Encoding.UTF8.GetBytes("a rather longer id than one word")));
        RowKeys.Of("Zürich").ShouldBe(Expected(Encoding.UTF8.GetBytes("Zürich")));
        (RowKeys.Of("row-17"), RowKeys.Slot(RowKeys.Of("default/m"), RowKeys.Of("row-17"))).ShouldBe((KnownKey, KnownSlot));
    }

    [Fact]
    public void Values_have_the_same_key_in_either_precision_and_sign_of_zero()
    {
        float[] narrow = [1.5f, -0f, 3.25e-7f];
        RowKeys.Of([.. narrow.Select(value => (double)value)]).ShouldBe(RowKeys.Of([1.5, 0.0, narrow[2]]));
        RowKeys.Of([1.0, 2.0]).ShouldNotBe(RowKeys.Of([2.0, 1.0]));
        RowKeys.Of([0.0]).ShouldNotBe(RowKeys.Of([0.0, 0.0]));
    }

    [Theory]
    [InlineData("default/m")]
    [InlineData("other/m")]
    public void Slots_are_even_over_ids_that_count(string model)
    {
        // 200,000 ids over 100 groups of slots: chi squared with 99 degrees of freedom stays below 150 but once in a thousand, and ids are fixed.
        ulong salt = RowKeys.Of(model);
        var counts = new int[100];
        for (int i = 0; i < 200_000; i++)
            counts[RowKeys.Slot(salt, RowKeys.Of(i.ToString(CultureInfo.InvariantCulture))) / 100]++;
        counts.Sum(count => (count - 2000.0) * (count - 2000.0) / 2000).ShouldBeLessThan(150);
    }

    [Fact]
    public void Slots_of_two_models_have_nothing_to_do_with_each_other()
    {
        (ulong one, ulong other) = (RowKeys.Of("default/a"), RowKeys.Of("default/b"));
        int both = Enumerable.Range(0, 100_000).Select(i => RowKeys.Of(i.ToString(CultureInfo.InvariantCulture)))
            .Count(key => RowKeys.Slot(one, key) < 1000 && RowKeys.Slot(other, key) < 1000);
        both.ShouldBeInRange(900, 1100);
    }

    /// <summary>The definition, written down another way.</summary>
    private static ulong Expected(byte[] bytes)
    {
        static ulong Mix(System.Numerics.BigInteger value)
        {
            System.Numerics.BigInteger mask = ulong.MaxValue;
            value = (value + 0x9E3779B97F4A7C15) & mask;
            value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & mask;
            value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & mask;
            return (ulong)(value ^ (value >> 31));
        }

        ulong key = Mix(bytes.Length);
        for (int at = 0; at < bytes.Length; at += 8)
        {
            ulong word = 0;
            for (int i = 0; i < 8 && at + i < bytes.Length; i++)
                word |= (ulong)bytes[at + i] << (8 * i);
            key = Mix(key ^ word);
        }

        return key;
    }
}
