using System.Runtime.InteropServices;
using OrleansCluster.Grains.Tests.Preparation;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;

namespace OrleansCluster.Grains.Tests.Monitoring;

/// <summary>The bounded sample of rows that a version was asked about.</summary>
public sealed class AskedSampleTests
{
    [Fact]
    public void A_few_rows_are_all_there()
    {
        var sample = new AskedSample(16, 1);
        sample.Pass(Numbers(0, 5), []);
        sample.Pass(Numbers(5, 9), [0, 2]);
        Values(sample).ShouldBe([0, 1, 2, 3, 4, 5, 7]);
        (sample.Seen, sample.Count).ShouldBe((7, 7));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Of_many_rows_each_is_as_likely_as_any_other_however_they_come(int batch)
    {
        const int Rows = 1024, Most = 64, Samples = 400;
        var eighths = new int[8];
        int kept = 0;
        for (uint number = 0; number < Samples; number++)
        {
            var sample = new AskedSample(Most, number);
            for (int first = 0; first < Rows; first += batch)
                sample.Pass(Numbers(first, Math.Min(Rows, first + batch)), []);
            sample.Count.ShouldBeInRange(Most / 2, Most);
            double[] values = Values(sample);
            values.ShouldBeUnique();
            kept += values.Length;
            // By the place in a group of eight, where rows that come in a rhythm would be missed, and by time.
            foreach (double value in values)
                eighths[(int)value % 8]++;
            values.Count(value => value < Rows / 2.0).ShouldBeInRange((values.Length / 2) - 1, (values.Length / 2) + 1);
        }

        double expected = kept / 8.0;
        eighths.Sum(count => (count - expected) * (count - expected) / expected).ShouldBeLessThan(24.3, string.Join(' ', eighths));
    }

    [Fact]
    public void Categories_of_several_questions_are_one_list_and_other_columns_another_question()
    {
        var sample = new AskedSample(16, 1);
        sample.Pass(PreparedTable.Question([20, 1, 1, 0, 5], ["DE", "FR"]), []);
        sample.Pass(PreparedTable.Question([21, 2, 0, 1, 6, 22, 3, double.NaN, 1, 7], ["FR", "BR"]), []);
        sample.Pass(PreparedTable.Question([23, 3, 1, 1, 8], ["FR", "BR"]), []);
        sample.Pass(Numbers(0, 2), []);
        RowsPayload[] questions = [.. sample.Questions()];
        questions.Length.ShouldBe(2);
        questions[0].Types[2].Categories.ShouldBe(["FR", "BR"]);
        Values(questions[0]).ShouldBe([20, 1, 0, 0, 5, 21, 2, 0, 1, 6, 22, 3, double.NaN, 1, 7, 23, 3, 1, 1, 8]);
        (questions[1].Columns, questions[1].Types.Length).ShouldBe((1, 0));
    }

    [Theory]
    [InlineData("2026-11-29T13:59:59.9999999+00:00", 60, "2026-11-29T13")]
    [InlineData("2026-11-29T14:10:00+01:00", 15, "2026-11-29T1300")]
    [InlineData("2026-11-29T23:59:00+00:00", 360, "2026-11-29T18")]
    [InlineData("2026-11-29T23:59:00+00:00", 1440, "2026-11-29T00")]
    public void Windows_are_named_after_their_beginning(string moment, int minutes, string name) =>
        WindowNames.Of(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromMinutes(minutes)).ShouldBe(name);

    [Theory]
    [InlineData(1, true)]
    [InlineData(1440, true)]
    [InlineData(7, false)]
    [InlineData(0.5, false)]
    [InlineData(2880, false)]
    public void Windows_divide_a_day(double minutes, bool may) => WindowNames.Check(TimeSpan.FromMinutes(minutes)).ShouldBe(may);

    private static RowsPayload Numbers(int first, int end) => new()
    {
        Precision = "f8",
        Columns = 1,
        Values = MemoryMarshal.AsBytes<double>(Enumerable.Range(first, end - first).Select(value => (double)value).ToArray()).ToArray(),
    };

    private static double[] Values(AskedSample sample) => [.. sample.Questions().SelectMany(Values)];

    private static double[] Values(RowsPayload rows) => MemoryMarshal.Cast<byte, double>(rows.Values.Span).ToArray();
}
