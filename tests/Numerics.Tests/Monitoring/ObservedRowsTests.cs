using System.IO.Compression;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Tests.Monitoring;

/// <summary>What is kept of rows that were observed.</summary>
public sealed class ObservedRowsTests
{
    private static readonly ObservationFrame Frame =
        new([ValueBins.Even(0, 64), ValueBins.Places(2)], [ValueBins.UpTo(1, 2, 4)], K: 2, FarScore: 0, FarBeyond: 3);

    [Fact]
    public void Five_rows_by_hand()
    {
        ObservedRows seen = Of([0, 0, 64, 1, -2, 5, 70, double.NaN, double.NaN, 1], [0, 1, 1, -1, 0], [0.5, 1.5, 3.5, 9, 4]);
        seen.Rows.ShouldBe(5);
        (seen.Columns[0].Present, seen.Columns[0].Missing, seen.Columns[0].Below, seen.Columns[0].Above).ShouldBe((4, 1, 1, 1));
        (seen.Columns[0].Bins[0], seen.Columns[0].Bins[63]).ShouldBe((1, 1));
        (seen.Columns[0].BelowMean, seen.Columns[0].AboveMean, seen.Columns[0].Mean).ShouldBe((-2, 70, 33));
        // The place 5 is no category of the reference.
        (seen.Columns[1].Bins.ToArray(), seen.Columns[1].Above, seen.Columns[1].Missing).ShouldBe(([1, 2], 1L, 1L), new Shape());
        seen.Clusters.ToArray().ShouldBe([2, 2]);
        (seen.Scores[0].Bins.ToArray(), seen.Scores[0].Above).ShouldBe(([1, 1, 2], 1L), new Pair());
        seen.Far.Count.ShouldBe(3);
    }

    [Fact]
    public void Parts_merge_to_the_whole_and_their_bytes_can_be_read()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 4000).Select(i => i % 2 == 0 ? (random.NextDouble() * 80) - 8 : i % 3)];
        int[] clusters = [.. Enumerable.Range(0, 2000).Select(i => i % 2)];
        double[] scores = [.. Enumerable.Range(0, 2000).Select(i => i % 5.0)];
        ObservedRows whole = Of(values, clusters, scores), left = Of(values[..1000], clusters[..500], scores[..500]);
        left.MergeFrom(Of(values[1000..], clusters[500..], scores[500..]));
        left.Rows.ShouldBe(2000);
        left.Columns[0].Bins.ToArray().ShouldBe(whole.Columns[0].Bins.ToArray());
        left.Columns[0].Mean.ShouldBe(whole.Columns[0].Mean, 1e-12);
        left.Columns[0].Deviation.ShouldBe(whole.Columns[0].Deviation, 1e-12);
        left.Clusters.ToArray().ShouldBe(whole.Clusters.ToArray());
        (left.Far.Count, left.Far.Sample.Count).ShouldBe((400, FarRows.Most));
        byte[] bytes = Bytes(left);
        Bytes(Statistic.Decode<ObservedRows>(bytes)).ShouldBe(bytes);
        Should.Throw<InvalidDataException>(() => Statistic.Decode<ObservedRows>(bytes.AsMemory(..^1)));
        EncodedStep frame = Frame.Encode();
        ObservationFrame read = ObservationFrame.Decode(frame.Bytes);
        read.Encode().Digest.ShouldBe(frame.Digest);
        Should.Throw<InvalidDataException>(() => left.MergeFrom(new ObservedRows(Frame with { K = 3 })));
    }

    [Fact]
    public void Of_64_columns_and_64_clusters_it_takes_less_than_80_kilobytes_whatever_the_rows_are()
    {
        double[] edges = [.. Enumerable.Range(0, 64).Select(i => (double)i)];
        var frame = new ObservationFrame(
            [.. Enumerable.Repeat(ValueBins.Even(0, 1), 64)], [ValueBins.UpTo(edges), ValueBins.UpTo(edges)], 64, FarScore: 1, FarBeyond: 0.5);
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 64 * 5000).Select(_ => random.NextDouble() * 1e9)];
        var seen = new ObservedRows(frame);
        var rows = new RowBlock(values, 64);
        var model = new CentredRows(new double[64 * 64], 64);
        var reference = new FitReference(
            [.. Enumerable.Repeat(1000L, 64)], 64, (_, _) => new FitMoments(1000, 0, 1, 0), [], new FitMoments(1000, 0, 1, 0), new FitMoments(1000, 0, 1, 0));
        int[] clusters = [.. Enumerable.Range(0, 5000).Select(i => i % 64)];
        seen.Take(frame, rows, rows, clusters, [new double[5000], [.. Enumerable.Repeat(1.0, 5000)]], new RowFits(reference, model));
        Bytes(seen).Length.ShouldBeInRange(64 * 64, 80_000);
        (seen.Fits.Rows(0), seen.Fits.Rows(1), seen.Centred.Rows(63)).ShouldBe((5000, 1023, 78));
    }

    [Fact]
    public void A_window_of_earlier_builds_is_read_and_takes_in_what_newer_ones_tell()
    {
        // The five rows above, as the first encoding had them, compressed.
        const string first = "H4sIAAAAAAACA/N3Dg5hZGNlgAAmIHYAYkaGUTASASzeWdD46DQYNDg4gGmVTQ5QkQMQ8UAHJiS1TDjMZMDK/2MPMUPXAVWViANIHTMWt8DMZyXgp1kzQYDXITUNCJa5"
            + "opmvBHYzE5qZzEh07FS14P1hUdIQER4HJrifFzh8/eUecC/BqxTZLAaGHieg9H++be7PF789Mh8iJwCVO/Af6El7APWwQfF+AwAA";
        using var unpacked = new MemoryStream();
        using (var packed = new GZipStream(new MemoryStream(Convert.FromBase64String(first)), CompressionMode.Decompress))
            packed.CopyTo(unpacked);
        ObservedRows read = Statistic.Decode<ObservedRows>(unpacked.ToArray());
        ObservedRows now = Of([0, 0, 64, 1, -2, 5, 70, double.NaN, double.NaN, 1], [0, 1, 1, -1, 0], [0.5, 1.5, 3.5, 9, 4]);
        Bytes(read).ShouldBe(Bytes(now));
        read.Fits.Rows(0).ShouldBe(0, "Nobody told how well they fit.");
        read.MergeFrom(now);
        (read.Rows, read.Columns[0].Present).ShouldBe((10, 8));
    }

    private static ObservedRows Of(double[] values, int[] clusters, double[] scores)
    {
        var seen = new ObservedRows(Frame);
        var rows = new RowBlock(values, 2);
        seen.Take(Frame, rows, rows, clusters, [scores]);
        return seen;
    }

    private static byte[] Bytes(ObservedRows rows)
    {
        using PooledBytes bytes = rows.Encode();
        return bytes.Memory.ToArray();
    }

    private sealed class Shape : IEqualityComparer<(long[], long, long)>
    {
        public bool Equals((long[], long, long) x, (long[], long, long) y) => x.Item1.SequenceEqual(y.Item1) && (x.Item2, x.Item3) == (y.Item2, y.Item3);

        public int GetHashCode((long[], long, long) one) => 0;
    }

    private sealed class Pair : IEqualityComparer<(long[], long)>
    {
        public bool Equals((long[], long) x, (long[], long) y) => x.Item1.SequenceEqual(y.Item1) && x.Item2 == y.Item2;

        public int GetHashCode((long[], long) one) => 0;
    }
}
