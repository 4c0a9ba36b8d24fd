using System.Net;
using System.Text;
using System.Text.Json;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>Datasets over HTTP.</summary>
public sealed class DatasetTests(Service service)
{
    [Fact]
    public async Task A_table_becomes_a_version_and_the_same_rows_again_are_the_same_version()
    {
        string name = service.Name("d");
        byte[] csv = Encoding.UTF8.GetBytes("id,x,y,w\na,1,2,1\nb,3,5,2\n");
        Answer first = await service.PostAsync($"/api/v1/datasets/{name}?id_column=id&weight_column=w", csv, "text/csv");
        JsonElement made = first.Succeeded(HttpStatusCode.Created);
        first.Headers.Location!.ToString().ShouldBe($"/api/v1/datasets/{name}/versions/1");
        made.GetProperty("rows").GetInt64().ShouldBe(2);
        made.GetProperty("columns").GetInt32().ShouldBe(2);
        made.GetProperty("id_column").GetString().ShouldBe("id");
        made.GetProperty("weight_column").GetString().ShouldBe("w");
        JsonElement y = made.GetProperty("column_ranges")[1];
        (y.GetProperty("name").GetString(), y.GetProperty("minimum").GetDouble(), y.GetProperty("maximum").GetDouble(), y.GetProperty("mean").GetDouble())
            .ShouldBe(("y", 2, 5, 3.5));

        JsonElement again = (await service.PostAsync($"/api/v1/datasets/{name}?id_column=id&weight_column=w", csv, "text/csv")).Succeeded(HttpStatusCode.OK);
        again.GetProperty("version").GetInt32().ShouldBe(1);
        JsonElement second = (await service.PostAsync($"/api/v1/datasets/{name}", Encoding.UTF8.GetBytes("x,y\n7,8\n"), "text/csv"))
            .Succeeded(HttpStatusCode.Created);
        second.GetProperty("version").GetInt32().ShouldBe(2);
        (await service.GetAsync($"/api/v1/datasets/{name}")).Succeeded().GetProperty("rows").GetInt64().ShouldBe(1);
        (await service.GetAsync($"/api/v1/datasets/{name}/versions/1")).Succeeded().GetProperty("rows").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Rows_are_looked_at_by_what_is_expected_of_them()
    {
        string name = service.Name("d");
        byte[] csv = Encoding.UTF8.GetBytes("age,income\n30,1\n150,2\n40,\n");
        string path = $"/api/v1/datasets/{name}?expect={Uri.EscapeDataString("age in 0..120; missing(income) < 50%")}";
        (await service.PostAsync(path, csv, "text/csv")).Refused(400).ShouldContain("age in 0..120");
        (await service.GetAsync($"/api/v1/datasets/{name}")).Status.ShouldBe(HttpStatusCode.NotFound);
        JsonElement kept = (await service.PostAsync(path + "&on_broken=count", csv, "text/csv")).Succeeded(HttpStatusCode.Created);
        kept.GetProperty("rows").GetInt64().ShouldBe(3);
        kept.GetProperty("expectations").EnumerateArray().Select(one => (one.GetProperty("expectation").GetString(), one.GetProperty("broken").GetInt64()))
            .ShouldBe([("age in 0..120", 1L), ("missing(income) < 50%", 0L)]);
        (await service.PostAsync($"/api/v1/datasets/{name}?expect=age%20around%2040", csv, "text/csv")).Refused(400).ShouldContain("age around 40");
    }

    [Fact]
    public async Task Svmlight_text_is_stored_without_its_zeros_unless_it_is_asked_for()
    {
        string name = service.Name("d");
        byte[] text = Encoding.UTF8.GetBytes("1 1:0.5 3:2\n0 2:1\n");
        JsonElement sparse = (await service.PostAsync($"/api/v1/datasets/{name}?features=5", text, "text/plain")).Succeeded(HttpStatusCode.Created);
        (sparse.GetProperty("layout").GetString(), sparse.GetProperty("columns").GetInt32()).ShouldBe(("sparse", 5));
        JsonElement dense = (await service.PostAsync($"/api/v1/datasets/{name}?dense=true", text, "text/plain")).Succeeded(HttpStatusCode.Created);
        (dense.TryGetProperty("layout", out _), dense.GetProperty("columns").GetInt32()).ShouldBe((false, 3));
        (await service.PostAsync($"/api/v1/datasets/{name}?features=2", text, "text/plain")).Refused(400).ShouldContain("2 were asked for");
        (await service.PostAsync($"/api/v1/datasets/{name}?dense=maybe", text, "text/plain")).Refused(400).ShouldContain("maybe");
    }

    [Fact]
    public async Task Npy_and_gzip_are_known_by_their_first_bytes()
    {
        string name = service.Name("d");
        byte[] npy = Tables.Npy(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        JsonElement plain = (await service.PostAsync($"/api/v1/datasets/{name}", npy, "application/x-npy")).Succeeded();
        (plain.GetProperty("rows").GetInt64(), plain.GetProperty("columns").GetInt32(), plain.GetProperty("dtype").GetString()).ShouldBe((2, 3, "f8"));
        JsonElement packed = (await service.PostAsync($"/api/v1/datasets/{name}", Tables.Gzip(npy), "application/gzip")).Succeeded();
        packed.GetProperty("manifest").GetString().ShouldBe(plain.GetProperty("manifest").GetString());
        packed.GetProperty("version").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Lists_have_pages()
    {
        string[] names = [service.Name("page"), service.Name("page"), service.Name("page")];
        foreach (string name in names)
            await service.UploadAsync(name, "x\n1\n2\n");
        var found = new List<string>();
        string? next = null;
        do
        {
            JsonElement page = (await service.GetAsync($"/api/v1/datasets?limit=2{(next is null ? "" : $"&after={next}")}")).Succeeded();
            page.GetProperty("items").GetArrayLength().ShouldBeInRange(1, 2);
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);

        names.ShouldBeSubsetOf(found);
        found.ShouldBeUnique();
        (await service.GetAsync("/api/v1/datasets?limit=0")).Refused(400, "bad-request")
            .ShouldBe("The parameter limit is '0', and must be a whole number from 1 to 1000.");
        (await service.GetAsync("/api/v1/datasets?after=no-such-set")).Refused(400).ShouldContain("which nothing here is called");
        (await service.GetAsync("/api/v1/datasets?page=2")).Refused(400).ShouldBe("Nothing knows the parameter 'page': there are limit, after.");
    }

    [Theory]
    [InlineData("x,y\n1,2\n3\n", "line 3")]
    [InlineData("x,y\n1,2\n3,abc\n", "line 3")]
    [InlineData("", "is empty")]
    [InlineData("{\"x\": ", "JSON")]
    public async Task What_is_no_table_is_refused_with_its_place_and_nothing_is_kept(string csv, string why)
    {
        string name = service.Name("bad");
        (await service.PostAsync($"/api/v1/datasets/{name}", Encoding.UTF8.GetBytes(csv), "text/csv")).Refused(400, "unusable-content")
            .ShouldContain(why, Case.Insensitive);
        (await service.GetAsync($"/api/v1/datasets/{name}")).Refused(404, "not-found")
            .ShouldBe($"There is no dataset '{name}': upload it first, or correct the name.");
    }

    [Fact]
    public async Task Texts_times_and_gaps_are_kept_as_what_they_are()
    {
        JsonElement columns = (await service.UploadAsync(service.Name("d"), "x,zip,when,ok\n1,01,2024-05-01,yes\n,02,2024-06-01,no\n3,02,,yes\n"))
            .GetProperty("column_ranges");
        columns.EnumerateArray().Select(column => $"{column.GetProperty("name")} {column.GetProperty("type")} {column.GetProperty("missing")}")
            .ShouldBe(["x number 1", "zip number 0", "when datetime 1", "ok boolean 0"]);
        columns[2].GetProperty("minimum").GetDouble().ShouldBe(1714521600);
        Answer said = await service.PostAsync($"/api/v1/datasets/{service.Name("d")}?types=zip=category", "x,zip\n1,01\n2,02\n3,02\n"u8.ToArray(), "text/csv");
        said.Succeeded().GetProperty("column_ranges")[1].GetProperty("categories").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Names_are_checked()
    {
        (await service.PostAsync("/api/v1/datasets/a%2Fb", "x\n1\n"u8.ToArray(), "text/csv")).Refused(400).ShouldContain("contains");
        (await service.PostAsync("/api/v1/datasets/..%2f..%2fetc", "x\n1\n"u8.ToArray(), "text/csv")).Refused(400);
        (await service.PostAsync("/api/v1/datasets/🙂", "x\n1\n"u8.ToArray(), "text/csv")).Refused(400).ShouldContain("use letters");
        (await service.PostAsync($"/api/v1/datasets/{new string('a', 200)}", "x\n1\n"u8.ToArray(), "text/csv")).Refused(400).ShouldContain("200 characters");
        (await service.PostAsync("/api/v1/datasets/x?dtype=f2", "x\n1\n"u8.ToArray(), "text/csv")).Refused(400).ShouldContain("must be one of f4, f8");
        (await service.PostAsync("/api/v1/datasets/x?columns=nope", "x\n1\n"u8.ToArray(), "text/csv")).Refused(400).ShouldContain("there is no column 'nope'");
    }
}
