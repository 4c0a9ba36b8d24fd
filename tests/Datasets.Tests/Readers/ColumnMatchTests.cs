namespace OrleansCluster.Datasets.Tests;

/// <summary>A model's columns among those of a table: by name where all are there, otherwise refused unless names do not speak.</summary>
public sealed class ColumnMatchTests
{
    [Theory]
    [InlineData("x,y", null, "0,1")]
    [InlineData("y,x", null, "1,0")]
    [InlineData("id,y,z,x", null, "3,1")]
    [InlineData("id,y,z,x", "3,1", "3,1")]
    [InlineData("id,y,z,x", "1,3", "3,1")]
    [InlineData("id,y,z,x", "1,2,3", "3,1")]
    public void Names_are_found_in_any_order(string columns, string? chosen, string found) =>
        Match(columns, "x,y", chosen).ShouldBe(Positions(found));

    [Theory]
    [InlineData("a,b", "x,y", null, "lacks 2 of the model's 2 columns: 'x', 'y'. The model has 'x', 'y', and here are 'a', 'b'. Rename the columns, or take "
        + "them for the model's in their order with --by-position.")]
    [InlineData("x,z", "x,y", null, "lacks the model's column 'y'. The model has 'x', 'y', and here are 'x', 'z'.")]
    [InlineData("Y,X", "x,y", null, "Capitals count: 'x' is not 'X'.")]
    [InlineData("x,y", "x,y,z", null, "lacks the model's column 'z'. The model has 'x', 'y', 'z', and here are 'x', 'y'. The model needs them all: add what "
        + "is missing.")]
    [InlineData("x,y,a,b", "x,y,z", null, "lacks the model's column 'z'. The model has 'x', 'y', 'z', and here are 'x', 'y', 'a', 'b'. Rename the columns, "
        + "or choose those that are the model's, in its order, with --columns and --by-position.")]
    [InlineData("x,y,z", "x,y", "0,2", "lacks the model's column 'y'. The model has 'x', 'y', and here are 'x', 'z'.")]
    [InlineData("x,x,y", "x,y", null, "has two columns named 'x', and the model has one")]
    public void Other_names_are_refused(string columns, string wanted, string? chosen, string why) =>
        Should.Throw<DataFormatException>(() => Match(columns, wanted, chosen)).Message.ShouldContain(why);

    [Theory]
    [InlineData("x,e\u0301", "\u00E9,x", "1,0")]
    [InlineData("\u00E9,x", "x,e\u0301", "1,0")]
    public void Names_that_look_the_same_are_the_same(string columns, string wanted, string found) =>
        Match(columns, wanted, null).ShouldBe(Positions(found));

    [Fact]
    public void A_column_that_is_missing_among_many_is_the_one_that_is_named()
    {
        string[] wanted = [.. Enumerable.Range(0, 40).Select(i => $"feature{i}")];
        string message = Should.Throw<DataFormatException>(() =>
            Match(string.Join(',', wanted.Where(name => name != "feature31").Append("other")), string.Join(',', wanted), null)).Message;
        message.ShouldContain("lacks the model's column 'feature31'. Here are 40 columns, and not the model's are 'other'.");
    }

    [Theory]
    [InlineData("x,y", "a,b", null, "0,1")]
    [InlineData("x,y", "y,x", null, "0,1")]
    [InlineData("id,x,y", "y,x", "1,2", "1,2")]
    public void Positions_count_where_the_user_insists(string columns, string wanted, string? chosen, string found) =>
        Match(columns, wanted, chosen, byPosition: true).ShouldBe(Positions(found));

    [Theory]
    [InlineData("c0,c1", "x,y", null, "0,1")]
    [InlineData("c0,c1,c2", "c1,c2", null, "1,2")]
    [InlineData("c0,c1", "c2,c3", null, "0,1")]
    [InlineData("c0,c1,c2,c3", "c0,c1", "2,3", "2,3")]
    [InlineData("c0,c1,c2,c3", "x,y", "3,0", "3,0")]
    public void Positions_count_where_a_table_has_no_names(string columns, string wanted, string? chosen, string found) =>
        Match(columns, wanted, chosen, hasNames: false).ShouldBe(Positions(found));

    [Fact]
    public void The_same_positions_in_another_order_are_refused()
    {
        string message = Should.Throw<DataFormatException>(() => Match("c0,c1", "c0,c1", "1,0", hasNames: false)).Message;
        message.ShouldContain("the same columns in another order. Leave --columns out, or insist on that order with --by-position.");
        Match("c0,c1", "c0,c1", "1,0", hasNames: false, byPosition: true).ShouldBe([1, 0]);
    }

    [Theory]
    [InlineData("c0,c1,c2", "x,y", null, false, "has 3 columns ('c0', 'c1', 'c2'), and the model was trained on 2 columns ('x', 'y'). Choose the columns "
        + "that these are, in this order, with --columns.")]
    [InlineData("a,b,c", "x,y", null, true, "has 3 columns")]
    [InlineData("a,b,c", "x,y", "0", true, "has 1 column ('a')")]
    public void Their_number_must_be_the_models(string columns, string wanted, string? chosen, bool byPosition, string why) =>
        Should.Throw<DataFormatException>(() => Match(columns, wanted, chosen, hasNames: byPosition, byPosition)).Message.ShouldContain(why);

    [Fact]
    public void Names_of_a_table_are_passed_over_where_the_model_has_none()
    {
        var match = new ColumnMatch("t.csv", ["x", "y"], hasNames: true, ["c0", "c1"]);
        match.Find(null, () => [0, 1], byPosition: false).ShouldBe([0, 1]);
        match.PassedNamesOver.ShouldBeTrue();
    }

    private static int[] Match(string columns, string wanted, string? chosen, bool hasNames = true, bool byPosition = false)
    {
        string[] names = columns.Split(',');
        return new ColumnMatch("t.csv", names, hasNames, wanted.Split(','))
            .Find(chosen is null ? null : Positions(chosen), () => [.. Enumerable.Range(0, names.Length)], byPosition);
    }

    private static int[] Positions(string list) => [.. list.Split(',').Select(int.Parse)];
}
