using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Some rows of a table, and several files as one.</summary>
public sealed class SomeRowsTests : IDisposable
{
    private const string People = "id,age,city,income,member,since\na,17,Lagos,10,yes,2020-01-01\nb,18,Tokyo,,no,2021-01-01\nc,40,Lagos,30,yes,2022-01-01\n"
        + "d,65,,40,no,2023-01-01\ne,,Tokyo,50,yes,\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("age >= 18", "bcd")]
    [InlineData("age<18", "a")]
    [InlineData("age != 40", "abd")]
    [InlineData("age = 40", "c")]
    [InlineData("city = Lagos", "ac")]
    [InlineData("city != 'Lagos'", "be")]
    [InlineData("city is missing", "d")]
    [InlineData("age is not missing", "abcd")]
    [InlineData("member = true", "ace")]
    [InlineData("since > 2021-06-01", "cd")]
    [InlineData("id = c", "c")]
    [InlineData("1 <= 18", "ab")]
    public void Rows_that_meet_a_condition_are_read(string where, string ids)
    {
        Table table = Table.Read(_folder.Write("t.csv", People),
            new ReadOptions { Typed = true, AllowsMissing = true, IdColumn = "id", Columns = "income", Where = [where] });
        string.Concat(table.Ids).ShouldBe(ids);
        table.Columns.ShouldBe(["income"]);
        table.Values.ShouldBe([.. ids.Select(id => id switch { 'a' => 10.0, 'b' => double.NaN, 'c' => 30, 'd' => 40, _ => 50 })]);
    }

    [Fact]
    public void Conditions_and_a_limit_go_together()
    {
        ReadOptions options = new() { Typed = true, AllowsMissing = true, IdColumn = "id", Columns = "age", Where = ["age >= 18", "income is not missing"] };
        Table.Read(_folder.Write("t.csv", People), options).Ids.ShouldBe(["c", "d"]);
        Table.Read(_folder.Write("t.csv", People), options with { Limit = 1 }).Ids.ShouldBe(["c"]);
        Table.Read(_folder.Write("t.csv", People), options with { Where = [], Limit = 2 }).Ids.ShouldBe(["a", "b"]);
    }

    /// <summary>Where nothing may be missing, rows that are left out may lack values, and the others say where they stand.</summary>
    [Fact]
    public void Rows_without_a_value_can_be_left_out()
    {
        string path = _folder.Write("t.csv", People);
        ReadOptions options = new() { IdColumn = "id", Columns = "age,income" };
        Table.Read(path, options with { Where = ["income is not missing", "age is not missing"] }).Values.ShouldBe([17, 10, 40, 30, 65, 40]);
        Table.Refusal(path, options with { Where = ["age > 17"] }).ShouldBe(
            $"{path}, line 3, column 'income': the value is missing. Fill it in, or leave such rows out with --where 'income is not missing'.");
    }

    [Theory]
    [InlineData("age", "has no operator")]
    [InlineData(" = 3", "names no column")]
    [InlineData("size = 3", "no column 'size'")]
    [InlineData("age = old", "compares column 'age', which holds numbers, with 'old'")]
    [InlineData("city < M", "compares texts by '<'")]
    [InlineData("age > 99", "has no row for which 'age > 99'")]
    public void Conditions_that_cannot_be_met_are_told(string where, string message) =>
        Table.Refusal(_folder.Write("t.csv", People), new ReadOptions { Typed = true, AllowsMissing = true, IdColumn = "id", Where = [where] })
            .ShouldContain(message);

    [Fact]
    public void Files_are_one_table_whatever_their_formats_and_the_order_of_their_columns()
    {
        _folder.Write("part-1.csv", "x,word\n1,a\n2,b\n");
        _folder.Write("part-2.jsonl", "{\"word\": \"c\", \"x\": 3}\n{\"word\": \"b\", \"x\": 4}\n");
        _folder.Write("part-3.csv", "word,x,more\nc,5,9\n");
        using IRowReader reader = TableFile.Read(_folder["part-*"], new ReadOptions { Typed = true });
        var values = new List<double>();
        while (reader.ReadBatch(out RowBatch? batch))
        {
            batch.FirstRow.ShouldBe(values.Count / 2);
            values.AddRange(SampleRows.ValuesOf(batch.ToBlock()));
        }

        values.ShouldBe([1, 0, 2, 1, 3, 2, 4, 1, 5, 2]);
        reader.Categories(1).ShouldBe(["a", "b", "c"]);
        reader.Types.ShouldBe([ColumnType.Number, ColumnType.Category]);
        string list = string.Join(InputName.Separator, _folder["part-3.csv"], _folder["part-1.csv"]);
        Table.Read(list, new ReadOptions { Columns = "x" }).Values.ShouldBe([5, 1, 2]);
    }

    [Fact]
    public void A_file_that_is_other_than_the_first_is_named()
    {
        string a = _folder.Write("a.csv", "x,y\n1,2\n"), b = _folder.Write("b.csv", "x,z\n3,4\n");
        Table.Refusal(_folder["*.csv"]).ShouldBe($"{b} has no column 'y', which {a} has. Files that are read as one table have the same columns.");
        _folder.Write("b.csv", "x,y\n3,4\n5,many\n");
        Table.Refusal(_folder["*.csv"]).ShouldStartWith($"{b}, line 3, column 'y': 'many' is not a number.");
        _folder.Write("a.npy", NpyBytes.Array("<f4", false, 1, 2, [1, 2]));
        _folder.Write("b.npy", NpyBytes.Array("<f8", false, 1, 2, [3, 4]));
        Table.Refusal(_folder["?.npy"]).ShouldContain("b.npy holds numbers that float32 does not");
        Table.Read(_folder["[ab].npy"], new ReadOptions { Precision = Precision.Float64 }).Values.ShouldBe([1, 2, 3, 4]);
        Table.Refusal(_folder["*.txt"]).ShouldBe($"There is no file {_folder["*.txt"]}.");
    }

    [Fact]
    public void Types_come_from_a_file()
    {
        string path = _folder.Write("t.csv", "zip,x\n10115,1\n80331,2\n"), types = _folder.Write("types.json", "{\"zip\": \"category\"}");
        Table.Read(path, new ReadOptions { Typed = true, Types = "@" + types }).Values.ShouldBe([0, 1, 1, 2]);
        _folder.Write("types.json", "{\"zip\": \"text\"}");
        Table.Refusal(path, new ReadOptions { Typed = true, Types = "@" + types }).ShouldContain("'zip' has \"text\" for its type");
        _folder.Write("types.json", "{\"zap\": \"number\"}");
        Table.Refusal(path, new ReadOptions { Typed = true, Types = "@" + types }).ShouldContain("no column 'zap'");
        _folder.Write("types.json", "zip=category");
        Table.Refusal(path, new ReadOptions { Typed = true, Types = "@" + types }).ShouldContain("is no JSON object of columns and types");
    }
}
