using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>Questions to models over HTTP.</summary>
public sealed class AnswerTests(Service service)
{
    [Fact]
    public async Task Rows_are_matched_by_the_names_of_their_columns()
    {
        string model = await service.SharedAsync(), path = $"/api/v1/models/{model}/assign";
        JsonElement plain = (await service.PostAsync(path, """{"rows": [[0, 0], [10, 0], [0, 10], [3, 0]]}""")).Succeeded();
        int[] labels = Labels(plain);
        labels[..3].ShouldBeUnique();
        labels[3].ShouldBe(labels[0]);
        plain.GetProperty("version").GetInt32().ShouldBe(1);
        plain.GetProperty("distances").EnumerateArray().Select(distance => distance.GetDouble()).ShouldBe([0, 0, 0, 3], 1e-9);
        Labels((await service.PostAsync(path, """{"columns": ["y", "z", "x"], "rows": [[0, 5, 0], [0, 5, 10], [10, 5, 0], [0, 5, 3]]}""")).Succeeded())
            .ShouldBe(labels);
        Labels((await service.PostAsync(path, """{"rows": [{"y": 0, "x": 0}, {"x": 10, "y": 0}, {"y": 10, "x": 0}, {"x": 3, "y": 0}]}""")).Succeeded())
            .ShouldBe(labels);
        Labels((await service.PostAsync($"/api/v1/models/{model}@1/assign", """{"rows": [[0, 0], [10, 0], [0, 10], [3, 0]]}""")).Succeeded()).ShouldBe(labels);
        Labels((await service.PostAsync($"/api/v1/models/{model}@newest/assign", """{"rows": [[0, 0], [10, 0], [0, 10], [3, 0]]}""")).Succeeded())
            .ShouldBe(labels);
    }

    [Theory]
    [InlineData("""{"columns": ["a", "b"], "rows": [[0, 0]]}""", "The request lacks 2 of the model's 2 columns: 'x', 'y'. The model has 'x', 'y', and here "
        + "are 'a', 'b'.")]
    [InlineData("""{"columns": ["X", "y"], "rows": [[0, 0]]}""", "Capitals count: 'x' is not 'X'.")]
    [InlineData("""{"rows": [[0, 0, 0]]}""", "has 3 columns ('c0', 'c1', 'c2'), and the model was trained on 2 columns ('x', 'y'). Give these, in this order.")]
    [InlineData("""{"columns": ["x", "y"], "rows": [[0, 0, 0]]}""", "There are 2 names of columns, and rows have 3 values")]
    [InlineData("""{"columns": ["x", "x", "y"], "rows": [[0, 0, 0]]}""", "has two columns named 'x'")]
    [InlineData("""{"rows": []}""", "There are no rows")]
    [InlineData("""{"columns": ["x", "y"]}""", "The body has no rows")]
    [InlineData("""{"rows": [[0, 0], [1]]}""", "Row 1 (from 0) has 1 values, and those before it have 2")]
    [InlineData("""{"rows": [[0, 0], []]}""", "Row 1 (from 0) has 0 values")]
    [InlineData("""{"columns": ["x", "y"], "rows": [[0, 0], [1, null]]}""", "Row 1 (from 0), column 'y': the value is missing.")]
    [InlineData("""{"columns": ["x", "y"], "rows": [[0, "NaN"]]}""", "Row 0 (from 0), column 'y': 'NaN' is not a finite number.")]
    [InlineData("""{"rows": [[0, NaN]]}""", "JSON has no number that is not finite")]
    [InlineData("""{"rows": [[0, 1e999]]}""", "column 'c1': the number is beyond the range of float64")]
    [InlineData("""{"rows": [[0, 1e200]]}""", "Row 0 (from 0), column 'y': 1E+200 is so far")]
    [InlineData("""{"rows": [[0, "3"]]}""", "'3' is text. Numbers are written without quotes.")]
    [InlineData("""{"rows": [[0, true]]}""", "true is no number")]
    [InlineData("""{"rows": [[0, [1]]]}""", "there must be a number, a text")]
    [InlineData("""{"rows": [1, 2]}""", "is neither a list of values nor an object")]
    [InlineData("""{"rows": {"x": 1}}""", "rows must be a list of rows")]
    [InlineData("""{"rows": [{"x": 1, "y": 2}, {"x": 1}]}""", "Row 1 (from 0) lacks the column 'y'")]
    [InlineData("""{"rows": [{"x": 1, "y": 2}, {"x": 1, "y": 2, "z": 3}]}""", "has a column 'z', which the first row has not")]
    [InlineData("""{"rows": [{"x": 1, "x": 2}]}""", "has the column 'x' twice")]
    [InlineData("""{"rows": [[0, 0]], "ids": ["a", "b"]}""", "2 ids came with 1 rows")]
    [InlineData("""{"rows": [[0, 0]], "top": 2}""", "The member 'top' is for score")]
    [InlineData("""{"rows": [[0, 0]], "row": 2}""", "Nothing knows the member 'row'")]
    [InlineData("""{"rows": [[0, 0]], "rows": [[0, 0]]}""", "'rows' is given twice")]
    [InlineData("""{"rows": [[0, 0]]} {}""", "is invalid after a single JSON value")]
    [InlineData("""[[0, 0]]""", "must be an object with rows")]
    [InlineData("", "this is no JSON")]
    public async Task Rows_that_cannot_be_answered_are_refused_with_their_place(string body, string why)
    {
        string model = await service.SharedAsync();
        (await service.PostAsync($"/api/v1/models/{model}/assign", body)).Refused(400).ShouldContain(why);
    }

    [Theory]
    [InlineData("assign")]
    [InlineData("explain")]
    public async Task A_row_without_a_direction_is_refused_with_its_place(string question)
    {
        string path = $"/api/v1/models/{await service.SharedAsync("spherical-kmeans")}/{question}";
        (await service.PostAsync(path, """{"rows": [[3, 1], [0, 0]]}""")).Refused(400)
            .ShouldContain("Row 1 (from 0), column 'x': all values of the row are 0, so that it has no direction");
        (await service.PostAsync(path, """{"rows": [[3, 1], [0, 2]]}""")).Succeeded();
    }

    [Fact]
    public async Task A_value_has_its_place_in_the_problem_too()
    {
        string model = await service.SharedAsync();
        JsonElement problem = (await service.PostAsync($"/api/v1/models/{model}/assign", """{"rows": [[0, 0], [1e200, 0]]}""")).Json;
        (problem.GetProperty("row").GetInt64(), problem.GetProperty("column").GetString()).ShouldBe((1, "x"));
    }

    [Fact]
    public async Task What_is_not_there_is_said_as_such()
    {
        string model = await service.SharedAsync();
        (await service.PostAsync("/api/v1/models/no-such/assign", """{"rows": [[0]]}""")).Refused(404, "not-found")
            .ShouldContain("There is no model 'no-such'");
        (await service.PostAsync($"/api/v1/models/{model}@9/assign", """{"rows": [[0, 0]]}""")).Refused(404, "not-found")
            .ShouldBe($"There is no version 9 of the model '{model}': it has 1.");
        (await service.PostAsync($"/api/v1/models/{model}@best/assign", """{"rows": [[0, 0]]}""")).Refused(404).ShouldContain("has no alias 'best'");
        (await service.PostAsync("/api/v1/models/a%2F..%2Fb/assign", """{"rows": [[0, 0]]}""")).Refused(400).ShouldContain("contains");
        (await service.PostAsync($"/api/v1/models/{model}/score", """{"rows": [[0, 0]]}""")).Refused(400).ShouldContain("has no densities");
    }

    [Fact]
    public async Task Densities_are_told_with_scores_and_responsibilities()
    {
        string model = await service.SharedAsync("gmm");
        JsonElement answer = (await service.PostAsync($"/api/v1/models/{model}/score", """{"columns": ["y", "x"], "rows": [[0, 0], [500, 500]], "top": 3}"""))
            .Succeeded();
        double threshold = answer.GetProperty("threshold").GetDouble();
        JsonElement[] rows = [.. answer.GetProperty("scores").EnumerateArray()];
        rows[0].GetProperty("score").GetDouble().ShouldBe(threshold - rows[0].GetProperty("log_density").GetDouble());
        rows.Select(row => row.GetProperty("anomaly").GetBoolean()).ShouldBe([false, true]);
        rows[0].GetProperty("responsibilities")[0].GetProperty("component").GetInt32().ShouldBe(rows[0].GetProperty("cluster").GetInt32());
        rows[0].GetProperty("responsibilities").EnumerateArray().Sum(one => one.GetProperty("value").GetDouble()).ShouldBe(1, 1e-9);
        (await service.PostAsync($"/api/v1/models/{model}/score", """{"rows": [[0, 0]], "top": 0}""")).Refused(400).ShouldContain("top must be");
    }

    [Fact]
    public async Task Rows_are_drawn_the_same_whoever_draws_them()
    {
        string model = await service.SharedAsync("gmm"), path = $"/api/v1/models/{model}/sample";
        JsonElement all = (await service.PostAsync(path, """{"rows": 5000, "seed": 7}""")).Succeeded();
        all.GetProperty("rows").GetArrayLength().ShouldBe(5000);
        JsonElement some = (await service.PostAsync(path, """{"rows": 3, "seed": 7, "first_row": 4500}""")).Succeeded();
        some.GetProperty("rows").EnumerateArray().Select(row => row.ToString())
            .ShouldBe(all.GetProperty("rows").EnumerateArray().Skip(4500).Take(3).Select(row => row.ToString()));
        some.GetProperty("columns").EnumerateArray().Select(column => column.GetString()).ShouldBe(["x", "y"]);
        (await service.PostAsync(path, """{"rows": 0}""")).Refused(400).ShouldContain("1 to 1000000");
        (await service.PostAsync(path, """{"rows": 3, "component": 9}""")).Refused(400).ShouldContain("has no component 9");
    }

    [Fact]
    public async Task Labels_are_compared_with_known_ones()
    {
        string model = await service.SharedAsync(), path = $"/api/v1/models/{model}/evaluate";
        JsonElement right = (await service.PostAsync(path, """{"rows": [[0, 0], [1, 0], [10, 0], [10, 1], [0, 10]], "labels": ["a", "a", "b", "b", "c"]}"""))
            .Succeeded();
        (right.GetProperty("ari").GetDouble(), right.GetProperty("purity").GetDouble(), right.GetProperty("rows").GetInt64()).ShouldBe((1, 1, 5));
        right.GetProperty("confusion").GetProperty("known").EnumerateArray().Select(known => known.GetString()).ShouldBe(["a", "b", "c"]);
        JsonElement wrong = (await service.PostAsync(path, """{"rows": [[0, 0], [1, 0], [10, 0], [10, 1]], "labels": [1, 2, 1, 2]}""")).Succeeded();
        // Two clusters of two, each with one row of both labels: no pair agrees, 2 · 2 / 6 would by chance, and 2 at most: (0 − 2/3) / (2 − 2/3).
        wrong.GetProperty("ari").GetDouble().ShouldBe(-0.5, 1e-12);
        (await service.PostAsync(path, """{"rows": [[0, 0]]}""")).Refused(400).ShouldContain("known labels");
        (await service.PostAsync(path, """{"rows": [[0, 0]], "labels": ["a", "b"]}""")).Refused(400).ShouldContain("2 labels came with 1 rows");
    }

    [Fact]
    public async Task A_table_is_answered_as_it_comes()
    {
        string model = await service.SharedAsync(), path = $"/api/v1/models/{model}/assign";
        int[] corners = Labels((await service.PostAsync(path, """{"rows": [[0, 0], [10, 0], [0, 10]]}""")).Succeeded());
        Answer csv = await service.PostAsync(path + "?id_column=name", "name,y,x\n\"a,b\",0,0\nc,0,13\n"u8.ToArray(), "text/csv");
        csv.Type.ShouldBe("text/csv");
        csv.Text.ShouldBe($"name,cluster,distance,version\n\"a,b\",{corners[0]},0,1\nc,{corners[1]},3,1\n");

        const int rows = 50_000;
        var values = new double[rows, 2];
        for (int i = 0; i < rows; i++)
            (values[i, 0], values[i, 1]) = (i % 3 == 1 ? 10 : 0, i % 3 == 2 ? 10 : 0);
        Answer npy = await service.PostAsync(path, Tables.Npy(values), "application/x-npy", ("Accept", "application/octet-stream"));
        npy.Type.ShouldBe("application/octet-stream");
        MemoryMarshal.Cast<byte, int>(npy.Body).ToArray().ShouldBe([.. Enumerable.Range(0, rows).Select(i => corners[i % 3])]);
        (await service.PostAsync(path, Tables.Npy(values), "application/x-npy")).Text.Split('\n').Length.ShouldBe(rows + 2);

        (await service.PostAsync(path, "a,b\n1,2\n"u8.ToArray(), "text/csv")).Refused(400).ShouldContain("lacks 2 of the model's 2 columns");
        (await service.PostAsync(path, "x,y\n1,1e200\n"u8.ToArray(), "text/csv")).Refused(400).ShouldContain("line 2, column 'y'");
        (await service.PostAsync(path, "x,y\n1,2\n"u8.ToArray(), "image/png")).Refused(415, "unknown-format").ShouldContain("text/csv");
        (await service.PostAsync(path, "x,y\n1,2\n"u8.ToArray(), "text/csv", ("Accept", "image/png"))).Refused(406);
    }

    [Fact]
    public async Task Many_rows_in_one_question_are_answered_in_their_order()
    {
        string model = await service.SharedAsync(), path = $"/api/v1/models/{model}/assign";
        const int rows = 150_000;
        var body = new StringBuilder("{\"rows\": [");
        for (int i = 0; i < rows; i++)
            body.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}[{(i % 2) * 10},0]");
        int[] labels = Labels((await service.PostAsync(path, body.Append("]}").ToString())).Succeeded());
        labels.Length.ShouldBe(rows);
        labels.Where((label, i) => label != labels[i % 2]).ShouldBeEmpty();
        labels[0].ShouldNotBe(labels[1]);
    }

    private static int[] Labels(JsonElement answer) => [.. answer.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];
}
