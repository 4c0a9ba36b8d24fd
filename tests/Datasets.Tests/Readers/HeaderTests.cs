namespace OrleansCluster.Datasets.Tests;

/// <summary>Headers of numbers, and rows that look like them.</summary>
public sealed class HeaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1,2\n3,4\n5,6\n", 6)]
    [InlineData("0,1,2\n3,4,5\n6,7,8\n", 9)]
    [InlineData("1,2,3\n", 3)]
    [InlineData("5,3\n2.5,1.5\n", 4)]
    [InlineData("0,0\n0.5,1.5\n", 4)]
    [InlineData("0.0,1.0\n0.5,1.5\n", 4)]
    [InlineData("0,1\n0.5,2\n", 4)]
    [InlineData("0,1\n1,1\n0,0\n", 6)]
    [InlineData("0,1\n3,4\n0,5\n", 6)]
    [InlineData("0,2\n3,4\n6,5\n", 6)]
    [InlineData("-1,1,3\n5,3,4\n", 6)]
    [InlineData("1990,1991\n1992,1993\n", 4)]
    [InlineData("2000,350\n3500,420\n", 4)]
    [InlineData("5\n0.5\n6.5\n", 3)]
    [InlineData("0\n0.5\n6\n", 3)]
    [InlineData("2,4,8\n5,3,4\n", 6)]
    public void Numbers_that_may_well_be_values_are_a_row(string text, int values) =>
        Table.Read(_folder.Write("t.csv", text)).Values.Length.ShouldBe(values);

    [Fact]
    public void A_header_of_numbers_is_read_as_one_when_it_is_said_to_be()
    {
        Table table = Table.Read(_folder.Write("t.csv", "1990,1991\n0.5,0.25\n"), new ReadOptions { Header = true });
        table.Columns.ShouldBe(["1990", "1991"]);
        table.Values.ShouldBe([0.5, 0.25]);
        table = Table.Read(_folder.Write("t.csv", ",0,1,2\n0,5,3,4\n1,6,7,1\n"));
        table.Columns.ShouldBe(["0", "1", "2"]);
        table.Ids.ShouldBe(["0", "1"]);
        table.Values.ShouldBe([5, 3, 4, 6, 7, 1]);
    }

    [Fact]
    public void A_damaged_first_row_is_no_header_of_words()
    {
        Table.Refusal(_folder.Write("t.csv", "x1,2\n3,4\n")).ShouldContain("may be a header or a row");
        Table.Refusal(_folder.Write("t.csv", "one,two\n")).ShouldBe($"{_folder["t.csv"]} holds a header and no rows. Give a file with rows.");
        Table.Read(_folder.Write("t.csv", "a,1,2\nb,3,4\n"), new ReadOptions { IdColumn = "0" }).Ids.ShouldBe(["a", "b"]);
    }
}
