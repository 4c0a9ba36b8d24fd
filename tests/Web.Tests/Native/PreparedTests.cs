using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Net.Client;
using OrleansCluster.Serving;
using OrleansCluster.Web.Inference.Grpc.Wire;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>A model that prepares its rows answers alike, to the bit, in whatever way it is asked.</summary>
public sealed class PreparedTests(Service service)
{
    private const string Split =
        """
        {"columns": ["joined", "shoe", "country", "age", "member", "spent"], "rows": [["2025-07-01", 44, "DE", 22, false, 35.0],
        ["2025-12-20T23:59:59.5+01:00", 39, "BR", 50, true, null], [null, 41, "", 71, null, 95.5], ["2024-02-29 12:30", 40, " FR ", "NA", 1, -1.25e1]]}
        """;

    private const string Records =
        """
        [{"joined": 1751328000, "country": "DE", "age": 22, "member": "no", "spent": 35}, {"country": "BR", "joined": "2025-12-20T22:59:59.5Z", "age": 50,
        "member": true, "spent": null}, {"joined": null, "country": null, "age": 71, "member": null, "spent": 95.5},
        {"joined": "2024-02-29T12:30:00", "country": "FR", "age": null, "member": "yes", "spent": -12.5}]
        """;

    private const string Columns =
        """
        {"joined": ["2025-07-01", "2025-12-20T23:59:59.5+01:00", null, "2024-02-29 12:30"], "country": ["DE", "BR", null, "FR"], "age": [22, 50, 71, null],
        "member": [false, true, null, true], "spent": [35, null, 95.5, -12.5]}
        """;

    private const string Lists =
        """
        [[22, 35, "DE", false, "2025-07-01"], [50, null, "BR", true, "2025-12-20T23:59:59.5+01:00"], [71, 95.5, null, null, null],
        [null, -12.5, "FR", true, "2024-02-29 12:30"]]
        """;

    private const string Tensors =
        """
        {"name": "country", "shape": [4], "datatype": "BYTES", "data": ["DE", "BR", null, "FR"]}, {"name": "age", "shape": [4, 1], "datatype": "INT32",
        "data": [[22], [50], [71], [null]]}, {"name": "member", "shape": [4], "datatype": "BOOL", "data": [false, true, null, true]},
        {"name": "spent", "shape": [4], "datatype": "FP64", "data": [35, null, 95.5, -12.5]}, {"name": "joined", "shape": [4], "datatype": "BYTES",
        "data": ["2025-07-01", "2025-12-20T23:59:59.5+01:00", "", "2024-02-29 12:30"]}, {"name": "who", "shape": [4], "datatype": "BYTES",
        "data": ["a", "b", "c", "d"]}
        """;

    private const string Cells =
        """
        {"name": "rows", "shape": [4, 5], "datatype": "BYTES", "data": [["22", "35.00", "DE", "no", "2025-07-01"], ["50", null, "BR", "yes",
        "2025-12-20T23:59:59.5+01:00"], ["71", "95.5", "", "", "NA"], [null, "-1.25e1", "FR", "t", "2024-02-29 12:30"]]}
        """;

    private Task<string> ModelAsync(string family = "kmeans") => service.SharedAsync("visitors " + family, () => Visitors.TrainAsync(service, family));

    [Fact]
    public async Task Rows_are_answered_alike_by_all_ways_of_the_native_interface()
    {
        string model = await ModelAsync(), path = $"/api/v1/models/{model}/assign";
        (int[] labels, double[] distances) = await ExpectedAsync(model);
        foreach (string body in new[] { Split, $$"""{"rows": {{Records}}}""", $$"""{"rows": {{Lists}}}""" })
        {
            JsonElement answer = (await service.PostAsync(path, body)).Succeeded();
            Integers(answer.GetProperty("labels")).ShouldBe(labels);
            Reals(answer.GetProperty("distances")).ShouldBe(distances);
            (answer.GetProperty("missing_values").GetInt64(), answer.GetProperty("unknown_categories").GetInt64()).ShouldBe((5, 1));
        }

        string[] lines = (await service.PostAsync(path, Encoding.UTF8.GetBytes(Visitors.Csv), "text/csv")).Text.Split('\n');
        lines[1..^1].Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture)).ShouldBe(distances);
        (await service.PostAsync(path, Encoding.UTF8.GetBytes(Visitors.Csv), "text/csv", ("Accept", "application/octet-stream"))).Body
            .ShouldBe(MemoryMarshal.AsBytes<int>(labels).ToArray());
    }

    [Fact]
    public async Task Rows_are_answered_alike_by_the_scoring_protocol()
    {
        string model = await ModelAsync(), path = $"/models/{model}/invocations";
        (int[] labels, _) = await ExpectedAsync(model);
        string split = Split.Replace("\"rows\":", "\"data\":", StringComparison.Ordinal);
        foreach (string body in new[] { $$"""{"dataframe_split": {{split}}}""", $$"""{"dataframe_records": {{Records}}}""", $$"""{"instances": {{Lists}}}""",
            $$"""{"inputs": {{Columns}}}""" })
            Integers((await service.PostAsync(path, body)).Succeeded().GetProperty("predictions")).ShouldBe(labels);
        Integers((await service.PostAsync(path, Encoding.UTF8.GetBytes(Visitors.Csv), "text/csv")).Succeeded().GetProperty("predictions")).ShouldBe(labels);
    }

    [Fact]
    public async Task Rows_are_answered_alike_as_tensors_in_json_and_in_bytes()
    {
        string model = await ModelAsync(), path = $"/v2/models/{model}/infer";
        (int[] labels, double[] distances) = await ExpectedAsync(model);
        foreach (string inputs in new[] { Tensors, Cells })
            Check((await service.PostAsync(path, $$"""{"inputs": [{{inputs}}]}""")).Succeeded());

        byte[][] parts = [Bytes("DE", "BR", "", "FR"), Raw<float>([22, 50, 71, float.NaN]), Bytes("no", "yes", "NA", "true"),
            Raw([35, double.NaN, 95.5, -12.5]), Bytes("2025-07-01", "2025-12-20T22:59:59.5Z", "", "2024-02-29 12:30")];
        string[] names = ["country BYTES", "age FP32", "member BYTES", "spent FP64", "joined BYTES"];
        string told = string.Join(',', names.Select((name, i) =>
            $$"""
            {"name": "{{name.Split(' ')[0]}}", "datatype": "{{name.Split(' ')[1]}}", "shape": [4], "parameters": {"binary_data_size": {{parts[i].Length}}} }
            """));
        byte[] json = Encoding.UTF8.GetBytes($$"""{"inputs": [{{told}}]}""");
        byte[] body = [.. json, .. parts.SelectMany(part => part)];
        Check((await service.PostAsync(path, body, "application/octet-stream", ("Inference-Header-Content-Length", $"{json.Length}"))).Succeeded());

        void Check(JsonElement answer)
        {
            Integers(answer.GetProperty("outputs")[0].GetProperty("data")).ShouldBe(labels);
            Reals(answer.GetProperty("outputs")[1].GetProperty("data")).ShouldBe(distances);
        }
    }

    [Fact]
    public async Task Rows_are_answered_alike_over_grpc_and_metadata_tell_the_columns()
    {
        string model = await ModelAsync();
        (int[] labels, double[] distances) = await ExpectedAsync(model);
        using GrpcChannel channel = GrpcChannel.ForAddress(service.GrpcAddress);
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        var typed = new ModelInferRequest { ModelName = model };
        Add("country", "BYTES", new InferTensorContents { BytesContents = { Texts("DE", "BR", "", "FR") } });
        Add("age", "FP32", new InferTensorContents { Fp32Contents = { 22, 50, 71, float.NaN } });
        Add("member", "BYTES", new InferTensorContents { BytesContents = { Texts("false", "true", "", "true") } });
        Add("spent", "FP64", new InferTensorContents { Fp64Contents = { 35, double.NaN, 95.5, -12.5 } });
        Add("joined", "BYTES", new InferTensorContents { BytesContents = { Texts("2025-07-01", "2025-12-20T22:59:59.5Z", "", "2024-02-29 12:30") } });
        ModelInferResponse answer = await client.ModelInferAsync(typed);
        answer.Outputs[0].Contents.IntContents.ShouldBe(labels);
        answer.Outputs[1].Contents.Fp64Contents.ShouldBe(distances);

        ModelMetadataResponse described = await client.ModelMetadataAsync(new ModelMetadataRequest { Name = model });
        described.Inputs.Select(input => $"{input.Name} {input.Datatype} {string.Join(',', input.Shape)}")
            .ShouldBe(["age FP64 -1", "spent FP64 -1", "country BYTES -1", "member BOOL -1", "joined BYTES -1"]);
        JsonElement metadata = (await service.GetAsync($"/v2/models/{model}")).Succeeded();
        metadata.GetProperty("inputs").EnumerateArray().Select(input => $"{input.GetProperty("name")} {input.GetProperty("datatype")}")
            .ShouldBe(["age FP64", "spent FP64", "country BYTES", "member BOOL", "joined BYTES"]);
        JsonElement document = (await service.GetAsync($"/api/v1/models/{model}")).Succeeded();
        document.GetProperty("inputs").EnumerateArray().Select(input => $"{input.GetProperty("name")} {input.GetProperty("type")}")
            .ShouldBe(["age number", "spent number", "country category", "member boolean", "joined datetime"]);

        void Add(string name, string type, InferTensorContents contents) => typed.Inputs.Add(
            new ModelInferRequest.Types.InferInputTensor { Name = name, Datatype = type, Shape = { 4 }, Contents = contents });
    }

    [Fact]
    public async Task Answers_are_explained_in_the_columns_of_the_table()
    {
        string model = await ModelAsync();
        JsonElement told = (await service.PostAsync($"/api/v1/models/{model}/explain", Split)).Succeeded();
        (int[] labels, double[] distances) = await ExpectedAsync(model);
        (told.GetProperty("measure").GetString(), told.GetProperty("prepared").GetBoolean()).ShouldBe(("squared_distance", false));
        JsonElement[] rows = [.. told.GetProperty("rows").EnumerateArray()];
        rows.Select(row => row.GetProperty("cluster").GetInt32()).ShouldBe(labels);
        for (int i = 0; i < rows.Length; i++)
        {
            JsonElement[] columns = [.. rows[i].GetProperty("columns").EnumerateArray()];
            columns.Select(column => column.GetProperty("column").GetString()).ShouldBe(["age", "spent", "country", "member", "joined"]);
            columns.Sum(column => column.GetProperty("own").GetDouble()).ShouldBe(distances[i] * distances[i], 1e-12);
            columns.Sum(column => column.GetProperty("against_runner_up").GetDouble()).ShouldBe(rows[i].GetProperty("lead").GetDouble(), 1e-12);
            rows[i].GetProperty("fit").GetDouble().ShouldBe(-distances[i] * distances[i], 1e-12);
        }

        JsonElement[] values = [.. rows[1].GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("value"))];
        (values[2].GetString(), values[3].GetBoolean(), values[1].ValueKind).ShouldBe(("BR", true, JsonValueKind.Null));
        values[4].GetString()!.ShouldStartWith("2025-12-20");

        // A row whose age is set to its boundary stands between two clusters.
        JsonElement age = rows.Select(row => row.GetProperty("columns")[0]).First(column => column.GetProperty("boundary").ValueKind == JsonValueKind.Number);
        int at = Array.FindIndex(rows, row => row.GetProperty("columns")[0].GetProperty("boundary").ValueKind == JsonValueKind.Number);
        double boundary = age.GetProperty("boundary").GetDouble(), step = age.GetProperty("value").ValueKind == JsonValueKind.Number
            ? Math.Sign(boundary - age.GetProperty("value").GetDouble()) * 1e-6 : 1e-6;
        RowsPayload beside = Visitors.Rows with { Values = Visitors.Rows.Values.ToArray() };
        MemoryMarshal.Cast<byte, double>(MemoryMarshal.AsMemory(beside.Values).Span)[at * 5] = boundary + step;
        Assignments moved = await service.Client.Models.AssignAsync(model, 1, beside, TestContext.Current.CancellationToken);
        MemoryMarshal.Cast<byte, int>(moved.Labels.Span)[at].ShouldBe(rows[at].GetProperty("runner_up").GetInt32());
    }

    [Fact]
    public async Task Axes_of_several_columns_are_told_as_such_and_densities_in_nats()
    {
        string model = service.Name("p");
        await service.UploadAsync(model, "a,b\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{(i * i) % 17}\n")));
        (await service.TrainAsync($$"""{"family": "gmm", "dataset": "{{model}}", "preparation": "pca=2", "options": {"k": 2} }"""))
            .GetProperty("state").GetString().ShouldBe("succeeded");
        JsonElement told = (await service.PostAsync($"/api/v1/models/{model}/explain", """{"rows": [{"b": 3, "a": 5}], "ids": ["one"]}""")).Succeeded();
        (told.GetProperty("measure").GetString(), told.GetProperty("prepared").GetBoolean()).ShouldBe(("log_density", true));
        JsonElement row = told.GetProperty("rows")[0];
        row.GetProperty("id").GetString().ShouldBe("one");
        row.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("column").GetString()).ShouldBe(["pc1", "pc2"]);
        double shares = row.GetProperty("columns").EnumerateArray().Sum(column => column.GetProperty("against_runner_up").GetDouble());
        (row.GetProperty("constant").GetDouble() + shares).ShouldBe(row.GetProperty("lead").GetDouble(), 1e-12);
        (await service.PostAsync($"/api/v1/models/{model}/explain", """{"rows": [{"b": 3, "a": 5}], "top": 1}""")).Refused(400);
        (await service.PostAsync($"/api/v1/models/{model}/explain", """{"rows": [{"b": null, "a": 5}]}""")).Refused(400).ShouldContain("column 'b'");
        string many = string.Join(',', Enumerable.Repeat("[1,2]", 50_001));
        (await service.PostAsync($"/api/v1/models/{model}/explain", $$"""{"rows": [{{many}}]}""")).Refused(400)
            .ShouldContain("50001 rows of 2 columns are too many for one call: ask for at most 50000.");
    }

    [Fact]
    public async Task Densities_are_asked_and_rows_drawn_in_original_columns()
    {
        string model = await ModelAsync("gmm");
        Scores expected = await service.Client.Models.ScoreAsync(
            model, new ScoreQuery { Version = 1, Top = 3, Rows = Visitors.Rows }, TestContext.Current.CancellationToken);
        double[] densities = MemoryMarshal.Cast<byte, double>(expected.LogDensities.Span).ToArray();
        JsonElement scores = (await service.PostAsync($"/api/v1/models/{model}/score", Split)).Succeeded();
        scores.GetProperty("scores").EnumerateArray().Select(row => row.GetProperty("log_density").GetDouble()).ShouldBe(densities);
        JsonElement outputs = (await service.PostAsync($"/v2/models/{model}/infer", $$"""{"inputs": [{{Tensors}}]}""")).Succeeded().GetProperty("outputs");
        Reals(outputs[2].GetProperty("data")).ShouldBe(densities);

        JsonElement drawn = (await service.PostAsync($"/api/v1/models/{model}/sample", """{"rows": 3, "seed": 5}""")).Succeeded();
        Samples samples = await service.Client.Models.SampleAsync(
            model, new SampleQuery { Version = 1, Seed = 5, FirstRow = 0, Rows = 3 }, TestContext.Current.CancellationToken);
        drawn.GetProperty("columns").EnumerateArray().Select(column => column.GetString()).ShouldBe(samples.Columns);
        drawn.GetProperty("rows").EnumerateArray().SelectMany(Reals).ShouldBe(MemoryMarshal.Cast<byte, double>(samples.Values.Span).ToArray());
    }

    [Theory]
    [InlineData("""[22, 35, 5, false, "2025-07-01"]""", "column 'country': 5 is a number, and the column holds categories: send their texts, in quotes.")]
    [InlineData("""[22, 35, true, false, "2025-07-01"]""", "column 'country': true is no category")]
    [InlineData("""[22, 35, "DE", 2, "2025-07-01"]""", "column 'member': 2 is neither yes nor no")]
    [InlineData("""[22, 35, "DE", "maybe", "2025-07-01"]""", "column 'member': 'maybe' is none of true, false")]
    [InlineData("""[22, 35, "DE", false, "1 July"]""", "column 'joined': '1 July' is no time as 2024-01-31")]
    [InlineData("""[22, 35, "DE", false, 1751328000000]""", "column 'joined': 1751328000000 is no time in seconds since 1970 of the years 1 to 9999")]
    [InlineData("""["22", 35, "DE", false, null]""", "column 'age': '22' is text. Numbers are written without quotes.")]
    [InlineData("""[true, 35, "DE", false, null]""", "column 'age': true is no number")]
    [InlineData("""[22, 35, "\ud800", false, null]""", "has half of a character")]
    [InlineData("""[22, 35, [1], false, null]""", "column 'c2': there must be a number, a text, true, false, or null")]
    public async Task A_value_of_another_type_is_refused_with_its_place(string row, string why)
    {
        Answer answer = await service.PostAsync($"/api/v1/models/{await ModelAsync()}/assign", $$"""{"rows": [[1, 2, null, null, null], {{row}}]}""");
        answer.Refused(400).ShouldContain(why);
        if (!why.Contains("half", StringComparison.Ordinal))
            answer.Json.GetProperty("row").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task What_the_model_cannot_take_is_said_in_its_own_columns()
    {
        string model = await ModelAsync(), path = $"/api/v1/models/{model}/assign";
        (await service.PostAsync(path, """{"columns": ["age", "spent", "country=DE", "member", "joined"], "rows": [[1, 2, 1, 0, 0]]}""")).Refused(400)
            .ShouldContain("lacks the model's column 'country'");
        (await service.PostAsync(path, Tables.Npy(new double[1, 5]), "application/x-npy")).Refused(400)
            .ShouldContain("column 'country': the values are of type number here, and to the model of type category: send them as text, in CSV or JSON.");
        (await service.PostAsync(path, "age,spent,country,member,joined\n1,2,DE,perhaps,2024-01-01\n"u8.ToArray(), "text/csv")).Refused(400)
            .ShouldContain("line 2, column 'member'");
        const string numbers = """{"inputs": [{"name": "rows", "shape": [1, 5], "datatype": "FP64", "data": [1, 2, 1, 0, 0]}]}""";
        (await service.PostAsync($"/v2/models/{model}/infer", numbers)).Refused(400)
            .ShouldContain("column 'country': 1 is a number, and the column holds categories");
        (await service.PostAsync($"/v2/models/{model}/infer", """{"inputs": [{"name": "age", "shape": [1], "datatype": "FP64", "data": [1]}]}"""))
            .Refused(400).ShouldContain("lacks 4 of the model's 5 columns");
    }

    [Fact]
    public async Task A_gap_that_nothing_fills_in_is_refused_and_numbers_may_come_as_npy()
    {
        string model = service.Name("g");
        await service.UploadAsync(model, "b,a\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i % 2}\n")));
        (await service.TrainAsync($$"""{"family": "kmeans", "dataset": "{{model}}", "preparation": "scale=standard,pca=2", "options": {"k": 2} }"""))
            .GetProperty("state").GetString().ShouldBe("succeeded");
        string path = $"/api/v1/models/{model}/assign";
        (await service.PostAsync(path, """{"rows": [{"a": 1, "b": 2}, {"a": null, "b": 2}]}""")).Refused(400)
            .ShouldContain("Row 1 (from 0), column 'a': the value is not a finite number: a row with a missing value cannot be answered.");
        (await service.PostAsync(path, "a,b\n1,2\n,2\n"u8.ToArray(), "text/csv")).Refused(400).ShouldContain("line 3, column 'a'");

        // Columns without names are the model's in the order in which they are its inputs, not in that of what it makes of them.
        double[] named = Reals((await service.PostAsync(path, """{"columns": ["a", "b"], "rows": [[1, 17], [0, 3]]}""")).Succeeded().GetProperty("distances"));
        Reals((await service.PostAsync(path, """{"rows": [[17, 1], [3, 0]]}""")).Succeeded().GetProperty("distances")).ShouldBe(named);
        Answer npy = await service.PostAsync(path, Tables.Npy(new double[,] { { 17, 1 }, { 3, 0 } }), "application/x-npy");
        npy.Status.ShouldBe(HttpStatusCode.OK);
        npy.Text.Split('\n')[1..3].Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture)).ShouldBe(named);
        JsonElement infer = (await service.PostAsync(
            $"/v2/models/{model}/infer", """{"inputs": [{"name": "rows", "shape": [2, 2], "datatype": "FP32", "data": [17, 1, 3, 0]}]}""")).Succeeded();
        Reals(infer.GetProperty("outputs")[1].GetProperty("data")).ShouldBe(named);
    }

    [Fact]
    public async Task A_retraining_keeps_its_preparation()
    {
        string model = await ModelAsync();
        (await service.PostAsync("/api/v1/jobs", $$"""{"retraining": "warm", "model": "{{model}}", "dataset": "{{model}}", "preparation": "scale=minmax"}"""))
            .Refused(400).ShouldContain("leave preparation out");
    }

    private async Task<(int[] Labels, double[] Distances)> ExpectedAsync(string model)
    {
        Assignments answer = await service.Client.Models.AssignAsync(model, 1, Visitors.Rows, TestContext.Current.CancellationToken);
        return (MemoryMarshal.Cast<byte, int>(answer.Labels.Span).ToArray(), MemoryMarshal.Cast<byte, double>(answer.Distances.Span).ToArray());
    }

    private static byte[] Bytes(params string[] texts) =>
        [.. texts.SelectMany(text => (byte[])[.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)])];

    private static byte[] Raw<T>(T[] values)
        where T : struct => MemoryMarshal.AsBytes<T>(values).ToArray();

    private static IEnumerable<ByteString> Texts(params string[] texts) => texts.Select(ByteString.CopyFromUtf8);

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetInt32())];

    private static double[] Reals(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetDouble())];
}
