using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;

namespace OrleansCluster.Cli.Tests;

/// <summary>Known labels: as the command writes them itself, as numpy and people do.</summary>
public sealed class LabelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("labels-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("0\n0\n1\n1\n", null, "0:2,0 1:0,2")]
    [InlineData("label\n0\n0\n1\n1\n", null, "0:2,0 1:0,2")]
    [InlineData("5.0\n5.0\n-3.0\n5e0\n", null, "-3:0,1 5:2,1")]
    [InlineData("a\na\nb\nb\n", null, "a:2,0 b:0,2")]
    [InlineData("species\na\na\nb\nb\n", null, "a:2,0 b:0,2")]
    [InlineData("b\na\nc\nb\n", null, "a:1,0 b:1,1 c:0,1")]
    [InlineData("1152921504606846977\n1152921504606846977\n1152921504606846976\n7\n", null, "1152921504606846976:0,1 1152921504606846977:2,0 7:0,1")]
    [InlineData("1\ntwo\n1\ntwo\n", null, "1:1,1 two:1,1")]
    [InlineData("row,label,distance\n0,7,0.5\n1,7,0.5\n2,8,0.5\n3,8,0.5\n", null, "7:2,0 8:0,2")]
    [InlineData("row,cluster,distance,cluster_name\n0,7,0.5,\n1,7,0.5,\n2,8,0.5,\"north, far\"\n3,8,0.5,\"north, far\"\n", null, "7:2,0 8:0,2")]
    [InlineData("row,cluster,cluster_name\n0,7,south\n1,7,south\n2,8,north\n3,8,north\n", "cluster_name", "north:0,2 south:2,0")]
    [InlineData("species,label\nx,1\nx,1\ny,2\nz,2\n", "species", "x:2,0 y:0,1 z:0,1")]
    public void Numbers_and_words_are_labels(string text, string? column, string table)
    {
        KnownLabels known = LabelFile.Read(new LabelArgument(Write(text), column), null);
        Show(known.Compare([0, 0, 1, 1], "rows")).ShouldBe(table);
    }

    [Theory]
    [InlineData("0\n1\n", null, "has 2 labels, and rows has 4 rows: give one label for each row.")]
    [InlineData("a\nb\nc\nd\ne\nf\n", null, "has 5 labels, and rows has 4 rows")]
    [InlineData("a\na\na\nb\nb\n", null, "has 5 labels, and rows has 4 rows")]
    [InlineData("0\n1.5\n2\n3\n", null, "line 2: 1.5 is no label. Labels are whole numbers or words.")]
    [InlineData("row,cluster\n0,7\n2,7\n1,8\n3,8\n", null, "line 4: the label of row 1 comes after that of row 2. Sort the file by its column 'row'")]
    [InlineData("a,b\n0,1\n0,1\n0,1\n0,1\n", null, "has 2 columns ('a', 'b'): say which holds the labels, as in --label-column b.")]
    [InlineData("a,b\n0,1\n0,1\n0,1\n0,1\n", "c", "there is no column 'c', which --label-column asks for: the columns are 'a', 'b'.")]
    [InlineData("a\n\"\"\nNA\nb\nb\n", null, "2 of 4 rows lack values")]
    public void What_is_no_label_is_refused(string text, string? column, string why)
    {
        string path = Write(text);
        Exception refused = Should.Throw<Exception>(() => LabelFile.Read(new LabelArgument(path, column), null).Compare([0, 0, 1, 1], "rows"));
        refused.ShouldBeAssignableTo<Exception>().Message.ShouldContain(why);
        refused.Message.ShouldStartWith(path);
    }

    [Fact]
    public void The_arguments_say_where_the_labels_are()
    {
        string path = Write("0\n");
        LabelArgument.Parse("column:species", null).ShouldBe(new LabelArgument(null, "species"));
        LabelArgument.Parse(path, "b").ShouldBe(new LabelArgument(path, "b"));
        LabelArgument.Parse(null, null).ShouldBeNull();
        Should.Throw<CommandException>(() => LabelArgument.Parse("absent.csv", null)).Message.ShouldContain("There is no file absent.csv. A column of the "
            + "rows is given as --labels column:NAME.");
        Should.Throw<CommandException>(() => LabelArgument.Parse(null, "b")).Message.ShouldContain("--labels FILE");
        Should.Throw<CommandException>(() => LabelArgument.Parse("column:a", "b")).Message.ShouldContain("leave --label-column out");
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder.FullName, "l.csv");
        File.WriteAllText(path, text);
        return path;
    }

    private static string Show(LabelTable table) => string.Join(' ', Enumerable.Range(0, table.Table.Rows).Select(row =>
        $"{table.Known(row)}:{string.Join(',', Enumerable.Range(0, table.Table.Columns).Select(column => (long)table.Table[row, column]))}"));
}
