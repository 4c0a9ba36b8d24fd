using System.Globalization;
using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

public sealed class TextReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1,2\n3,4\n")]
    [InlineData("1,2\n3,4")]
    [InlineData("1,2\r\n3,4\r\n")]
    [InlineData("\uFEFF1,2\n3,4\n")]
    [InlineData("\n1,2\n\n  \n3,4\n\n")]
    [InlineData("1, 2\n 3 ,4 \n")]
    [InlineData("1;2\n3;4\n")]
    [InlineData("1\t2\n3\t4\n")]
    [InlineData("1 2\n3 4\n")]
    [InlineData("  1   2 \n3\t 4\n")]
    [InlineData("1 \t 2\n3 \t 4\n")]
    [InlineData("\"1\",\"2\"\n3,4\n")]
    [InlineData("+1,2.0\n3.,4e0\n")]
    [InlineData("0.1e1,.2e+1\n30E-1,4\n")]
    public void Numbers_without_a_header(string text)
    {
        Table table = Table.Read(_folder.Write("t.csv", text));
        table.Columns.ShouldBe(["c0", "c1"]);
        table.Values.ShouldBe([1, 2, 3, 4]);
        table.Precision.ShouldBe(Precision.Float64);
        table.IdColumn.ShouldBeNull();
        table.WeightColumn.ShouldBeNull();
        table.Weights.ShouldBeEmpty();
        table.Ids.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "a", "b")]
    [InlineData("a b\n1 2\n", "a", "b")]
    [InlineData("\"a, or so\",\"say \"\"b\"\"\"\n1,2\n", "a, or so", "say \"b\"")]
    [InlineData("\"a\nb\",c\n1,2\n", "a\nb", "c")]
    [InlineData("größe;höhe\n1;2\n", "größe", "höhe")]
    [InlineData("x;y,z\n1;2\n", "x", "y,z")]
    [InlineData("a,\n1,2\n", "a", "c1")]
    public void A_header_is_found(string text, string first, string second)
    {
        Table table = Table.Read(_folder.Write("t.csv", text), new ReadOptions { Columns = "0..1" });
        table.Columns.ShouldBe([first, second]);
        table.Values.ShouldBe([1, 2]);
    }

    [Fact]
    public void A_text_column_does_not_make_a_header()
    {
        Table table = Table.Read(_folder.Write("t.csv", "a,1,2\nb,3,4\n"), new ReadOptions { IdColumn = "0" });
        table.Columns.ShouldBe(["c1", "c2"]);
        table.IdColumn.ShouldBe("c0");
        table.Ids.ShouldBe(["a", "b"]);
        table.Values.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void What_is_given_goes_before_what_is_found()
    {
        string path = _folder.Write("t.csv", "1,2\n3,4\n");
        Table.Read(path, new ReadOptions { Header = true }).Columns.ShouldBe(["1", "2"]);
        Table.Read(path, new ReadOptions { Header = true }).Values.ShouldBe([3, 4]);
        Table.Read(_folder.Write("u.csv", "a|b\n1|2\n"), new ReadOptions { Delimiter = '|' }).Columns.ShouldBe(["a", "b"]);
        Table.Read(_folder.Write("v.csv", "a\"|\"b\n1|2\n"), new ReadOptions { Delimiter = '|', Quote = null }).Columns.ShouldBe(["a\"", "\"b"]);
        Table.Read(_folder.Write("w.csv", "'a|c'|b\n1|2\n"), new ReadOptions { Delimiter = '|', Quote = '\'' }).Columns.ShouldBe(["a|c", "b"]);
        Table.Read(path, new ReadOptions { Precision = Precision.Float32 }).Precision.ShouldBe(Precision.Float32);
        Should.Throw<ArgumentException>(() => Table.Read(path, new ReadOptions { Delimiter = 'ä' }));
        Should.Throw<ArgumentException>(() => Table.Read(path, new ReadOptions { Delimiter = '"' }));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("c,a", "c,a")]
    [InlineData("a..c", "a,b,c")]
    [InlineData("b..d, a", "b,c,d,a")]
    [InlineData("0..1,3", "a,b,d")]
    [InlineData("2", "c")]
    [InlineData("a..2", "a,b,c")]
    public void Columns_are_chosen_by_name_or_position(string choice, string expected)
    {
        Table table = Table.Read(_folder.Write("t.csv", "a,b,c,d\n0,1,2,3\n"), new ReadOptions { Columns = choice });
        table.Columns.ShouldBe(expected.Split(','));
        table.Values.ShouldBe(expected.Split(',').Select(name => (double)(name[0] - 'a')));
    }

    [Fact]
    public void A_name_goes_before_a_position()
    {
        string path = _folder.Write("t.csv", "x,0,a..b\n5,6,7\n");
        Table.Read(path, new ReadOptions { Header = true, Columns = "0" }).Values.ShouldBe([6]);
        Table.Read(path, new ReadOptions { Header = true, Columns = "a..b" }).Values.ShouldBe([7]);
    }

    [Fact]
    public void Ids_and_weights_are_carried_along()
    {
        string path = _folder.Write("t.csv", "key,x,w,y\nfirst,1,0.5,2\n\"se,cond\",3,0,4\n00012345678901234567890,5,2,6\n");
        Table table = Table.Read(path, new ReadOptions { IdColumn = "key", WeightColumn = "w" });
        table.Columns.ShouldBe(["x", "y"]);
        table.IdColumn.ShouldBe("key");
        table.WeightColumn.ShouldBe("w");
        table.Ids.ShouldBe(["first", "se,cond", "00012345678901234567890"]);
        table.Weights.ShouldBe([0.5, 0, 2]);
        table.Values.ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public void Columns_that_are_not_chosen_may_hold_anything()
    {
        Table table = Table.Read(_folder.Write("t.csv", "a,b,c\n1,x,\n2,nan,\"q\"\"\"\n"), new ReadOptions { Columns = "a" });
        table.Values.ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData("t.csv.gz")]
    [InlineData("t.csv")]
    public void Gzip_is_known_by_its_content(string name)
    {
        Table.Read(_folder.Write(name, Gzip("a,b\n1,2\n"))).Values.ShouldBe([1, 2]);
    }

    [Fact]
    public void Gzip_members_follow_each_other()
    {
        byte[] both = [.. Gzip("a,b\n1,2\n"), .. Gzip("3,4\n")];
        Table.Read(_folder.Write("t.gz", both)).Values.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Many_batches_make_the_table()
    {
        const int Rows = 50_000;
        var text = new StringBuilder("id,x,w\n");
        for (int i = 0; i < Rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"r{i},{i / 8.0},{i % 3}\n");
        Table table = Table.Read(_folder.Write("t.gz", Gzip(text.ToString())), new ReadOptions { IdColumn = "id", WeightColumn = "w" });
        table.Values.ShouldBe(Enumerable.Range(0, Rows).Select(i => i / 8.0));
        table.Weights.ShouldBe(Enumerable.Range(0, Rows).Select(i => (double)(i % 3)));
        table.Ids.ShouldBe(Enumerable.Range(0, Rows).Select(i => $"r{i}"));
    }

    [Fact]
    public void A_locale_with_decimal_commas_changes_nothing()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
            CultureInfo.CurrentCulture = german;
            Table.Read(_folder.Write("t.csv", "1.5 1e-400\n-2.25 12345678901234567890.5\n")).Values.ShouldBe([1.5, 0, -2.25, 12345678901234567890.5]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Every_number_that_is_written_exactly_comes_back()
    {
        Prop.ForAll(
            Gen.ArrayOf(ArbMap.Default.GeneratorFor<NormalFloat>()).Where(values => values.Length > 0).ToArbitrary(),
            numbers =>
            {
                double[] values = [.. numbers.Select(number => number.Get)];
                string path = _folder.Write("t.csv", string.Join('\n', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
                return Table.Read(path, new ReadOptions { Header = false }).Values.AsSpan().SequenceEqual(values);
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Every_table_reads_back_however_it_is_written()
    {
        Gen<(int Rows, int Columns, int Seed)> shapes =
            from rows in Gen.Choose(1, 40)
            from columns in Gen.Choose(1, 6)
            from seed in Gen.Choose(0, int.MaxValue)
            select (rows, columns, seed);
        Prop.ForAll(shapes.ToArbitrary(), shape => ReadsBack(shape.Rows, shape.Columns, new Random(shape.Seed))).QuickCheckThrowOnFailure();
    }

    private bool ReadsBack(int rows, int columns, Random random)
    {
        string delimiter = new[] { ",", ";", "\t", " ", "   ", " \t" }[random.Next(6)];
        string lineBreak = random.Next(2) == 0 ? "\n" : "\r\n";
        bool header = random.Next(2) == 0, gzip = random.Next(2) == 0;
        double[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-8, 9)), 6))];
        string[] names = [.. Enumerable.Range(0, columns).Select(j => header ? $"name{j}" : $"c{j}")];
        var text = new StringBuilder(random.Next(4) == 0 ? "\uFEFF" : "");
        if (header)
            text.AppendJoin(delimiter, names.Select(Quoted)).Append(lineBreak);
        for (int i = 0; i < rows; i++)
        {
            text.AppendJoin(delimiter, values.Skip(i * columns).Take(columns).Select(value => Quoted(value.ToString("R", CultureInfo.InvariantCulture))));
            if (i < rows - 1 || random.Next(2) == 0)
                text.Append(lineBreak);
            if (random.Next(5) == 0)
                text.Append(lineBreak);
        }

        byte[] file = gzip ? Gzip(text.ToString()) : Encoding.UTF8.GetBytes(text.ToString());
        // Whether a first row of whole numbers is a header may have to be said.
        bool isDoubtful = values.Take(columns).All(value => value == Math.Truncate(value));
        Table table = Table.Read(_folder.Write("t", file), new ReadOptions { Header = isDoubtful ? header : null });
        return table.Columns.SequenceEqual(names) && table.Values.AsSpan().SequenceEqual(values);

        string Quoted(string cell) => random.Next(5) == 0 ? $"\"{cell}\"" : cell;
    }

    internal static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
