namespace OrleansCluster.Datasets.Tests;

/// <summary>What is expected of rows, and what is told of those that are not so.</summary>
public sealed class ExpectationTests : IDisposable
{
    private const string Rows = "age,land,day,ok\n30,DE,2024-01-31,yes\n130,FR,2024-02-01,no\n,AT,,\n-1,DE,2023-12-31,yes\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("age in 0..120", 2, "line 3 (age is 130)")]
    [InlineData("age in 0 .. 130", 1, "line 5 (age is -1)")]
    [InlineData("age >= 0", 1, "line 5 (age is -1)")]
    [InlineData("age is not missing", 1, "line 4 (age is missing)")]
    [InlineData("age is missing", 3, "line 2 (age is 30)")]
    [InlineData("land in {DE, 'AT'}", 1, "line 3 (land is 'FR')")]
    [InlineData("land != FR", 1, "line 3 (land is 'FR')")]
    [InlineData("day in 2024-01-01..2024-12-31", 1, "line 5 (day is 2023-12-31)")]
    [InlineData("ok = true", 1, "line 3 (ok is false)")]
    [InlineData("0 < 100", 1, "line 3 (age is 130)")]
    public void Rows_that_break_one_are_counted_and_the_first_is_told(string expectation, int broken, string first)
    {
        string message = Should.Throw<DataFormatException>(() => Read(expectation, BrokenRows.Refuse)).Message;
        message.ShouldBe($"{_folder["t.csv"]}: {broken} of 4 rows break{(broken == 1 ? "s" : "")} '{expectation}', the first at {first}. Nothing was "
            + "published: correct the rows, or say with --on-broken that such are counted, or put aside (quarantine=FILE).");
        (int rows, long[] counts) = Read(expectation, BrokenRows.Count);
        (rows, counts.Single()).ShouldBe((4, broken));
        (rows, counts) = Read(expectation, BrokenRows.PutAside);
        (rows, counts.Single()).ShouldBe((4 - broken, broken));
    }

    [Theory]
    [InlineData("missing(age) < 25%", 1)]
    [InlineData("missing(age) <= 25%", 0)]
    [InlineData("missing(age) = 0", 1)]
    [InlineData("missing( land ) = 0", 0)]
    [InlineData("missing(age) > 1", 1)]
    [InlineData("age in -1..130; ok = true; missing(day) < 50%", 0, 1, 0)]
    public void Missing_values_are_counted_by_column(string expectations, params int[] broken) =>
        Read(expectations, BrokenRows.Count).Broken.ShouldBe(broken.Select(count => (long)count));

    [Fact]
    public void A_lack_of_values_cannot_be_put_aside_and_is_counted_among_the_rows_that_stay()
    {
        // Of the rows that stay one of three lacks its age.
        Should.Throw<DataFormatException>(() => Read("land != FR; missing(age) < 30%", BrokenRows.PutAside)).Message.ShouldContain(
            "1 of 3 rows have no 'age', which breaks 'missing(age) < 30%'.");
        Read("age is not missing; missing(age) = 0", BrokenRows.PutAside).Broken.ShouldBe([1, 0]);
    }

    [Theory]
    [InlineData("age", "--expect 'age' has no operator")]
    [InlineData("age in 0-120", "is no expectation: write 'age in 0..120'")]
    [InlineData("missing(age) < few", "is no expectation: write")]
    [InlineData("height > 0", "there is no column 'height', which --expect asks for")]
    [InlineData("land in 0..9", "--expect 'land in 0..9' compares texts by '>='")]
    [InlineData("day > soon", "compares column 'day', which holds times, with 'soon'")]
    public void What_cannot_be_expected_is_said(string expectation, string why) =>
        Should.Throw<DataFormatException>(() => Read(expectation, BrokenRows.Count)).Message.ShouldContain(why);

    private (int Rows, long[] Broken) Read(string expectations, BrokenRows policy)
    {
        string path = _folder.Write("t.csv", Rows);
        int aside = 0, kept = 0;
        IRowReader read = TableFile.Read(path, new ReadOptions { Typed = true, AllowsMissing = true });
        using var rows = new ExpectedRows(read, path, Expectation.ParseAll(expectations), policy,
            (broken, why) => aside += why.Count == broken.Rows ? broken.Rows : throw new InvalidOperationException());
        while (rows.ReadBatch(out RowBatch? batch))
            kept += batch.Rows;
        (kept + aside).ShouldBe(policy == BrokenRows.Refuse ? kept : 4);
        return (kept, [.. rows.Conclude().Select(outcome => outcome.Broken)]);
    }
}
