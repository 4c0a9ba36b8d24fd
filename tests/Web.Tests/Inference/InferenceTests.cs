using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OrleansCluster.Web.Tests.Inference;

/// <summary>The Open Inference Protocol over HTTP, as its documents state it.</summary>
public sealed class InferenceTests(Service service)
{
    private const string Three = "[0, 0, 10, 0, 0, 10]";

    [Fact]
    public async Task The_server_and_its_models_say_what_they_are()
    {
        JsonElement server = (await service.GetAsync("/v2")).Succeeded();
        server.GetProperty("name").GetString().ShouldBe("orleanscluster");
        server.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
        server.GetProperty("extensions").EnumerateArray().Select(one => one.GetString()).ShouldBe(["binary_tensor_data"]);
        (await service.GetAsync("/v2/health/live")).Succeeded().GetProperty("live").GetBoolean().ShouldBeTrue();
        (await service.GetAsync("/v2/health/ready")).Succeeded().GetProperty("ready").GetBoolean().ShouldBeTrue();

        string model = await service.ModelAsync(versions: 2), mixed = await service.SharedAsync("gmm");
        JsonElement metadata = (await service.GetAsync($"/v2/models/{model}")).Succeeded();
        metadata.GetProperty("name").GetString().ShouldBe(model);
        metadata.GetProperty("versions").EnumerateArray().Select(version => version.GetString()).ShouldBe(["1", "2"]);
        metadata.GetProperty("platform").GetString().ShouldBe("orleanscluster_kmeans");
        Tensors(metadata, "inputs").ShouldBe(["rows FP64 [-1,2]"]);
        Tensors(metadata, "outputs").ShouldBe(["label INT32 [-1]", "distance FP64 [-1]"]);
        Tensors((await service.GetAsync($"/v2/models/{mixed}/versions/1")).Succeeded(), "outputs")
            .ShouldBe(["label INT32 [-1]", "distance FP64 [-1]", "log_density FP64 [-1]", "score FP64 [-1]", "responsibilities FP64 [-1,3]"]);
        (await service.GetAsync($"/v2/models/{model}/versions/2/ready")).Succeeded().GetProperty("ready").GetBoolean().ShouldBeTrue();
        (await service.GetAsync("/v2/models")).Succeeded().GetProperty("models").EnumerateArray().Select(one => one.GetString()).ShouldContain(model);
        foreach (string path in new[] { "/v2/models/no-such", "/v2/models/no-such/ready", $"/v2/models/{model}/versions/7",
            $"/v2/models/{model}/versions/7/ready" })
        {
            Answer missing = await service.GetAsync(path);
            missing.Json.GetProperty("error").GetString().ShouldBe(missing.Refused(404));
        }
    }

    [Theory]
    [InlineData("""{"name": "rows", "shape": [3, 2], "datatype": "FP64", "data": [0, 0, 10, 0, 0, 10]}""")]
    [InlineData("""{"name": "anything", "shape": [3, 2], "datatype": "FP32", "data": [[0, 0], [10, 0], [0, 10]]}""")]
    [InlineData("""{"data": [[0, 0], [10, 0], [0, 10]], "datatype": "INT64", "shape": [3, 2], "name": "a"}""")]
    [InlineData("""{"name": "a", "shape": [3, 2], "datatype": "UINT8", "data": [0, 0, 10, 0, 0, 10]}""")]
    [InlineData(
        """
        {"name": "y", "shape": [3], "datatype": "FP64", "data": [0, 0, 10]}, {"name": "x", "shape": [3, 1], "datatype": "INT32", "data": [[0], [10], [0]]}
        """)]
    [InlineData(
        """
        {"name": "rows", "shape": [3, 2], "datatype": "FP64", "data": [0, 0, 10, 0, 0, 10]}, {"name": "id", "shape": [3],
        "datatype": "BYTES", "data": ["a", "b", "c"]}
        """)]
    public async Task Rows_come_as_one_tensor_or_as_one_for_each_column(string inputs)
    {
        string model = await service.SharedAsync();
        JsonElement answer =
            (await service.PostAsync($"/v2/models/{model}/infer", $$"""{"id": "42", "parameters": {"anything": 1}, "inputs": [{{inputs}}]}""")).Succeeded();
        answer.GetProperty("model_name").GetString().ShouldBe(model);
        answer.GetProperty("model_version").GetString().ShouldBe("1");
        answer.GetProperty("id").GetString().ShouldBe("42");
        Tensors(answer, "outputs").ShouldBe(["label INT32 [3]", "distance FP64 [3]"]);
        answer.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(label => label.GetInt32()).ShouldBe(await LabelsAsync(model));
        answer.GetProperty("outputs")[1].GetProperty("data").EnumerateArray().Select(distance => distance.GetDouble()).ShouldBe([0, 0, 0], 1e-6);
    }

    [Fact]
    public async Task Outputs_that_are_asked_for_are_told_in_that_order()
    {
        string model = await service.SharedAsync("gmm");
        JsonElement answer = (await service.PostAsync(
            $"/v2/models/{model}/versions/1/infer",
            $$"""
            {"inputs": [{"name": "a", "shape": [3, 2], "datatype": "FP64", "data": {{Three}}}], "outputs": [{"name": "responsibilities"},
            {"name": "score"}, {"name": "log_density"}, {"name": "label"}, {"name": "version"}]}
            """)).Succeeded();
        Tensors(answer, "outputs").ShouldBe(["responsibilities FP64 [3,3]", "score FP64 [3]", "log_density FP64 [3]", "label INT32 [3]", "version INT32 [3]"]);
        int[] clusters = [.. answer.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("clusters").GetString()!.Split(',').Select(int.Parse)];
        double[] shares = Reals(answer, 0);
        int[] labels = [.. answer.GetProperty("outputs")[3].GetProperty("data").EnumerateArray().Select(label => label.GetInt32())];
        for (int row = 0; row < 3; row++)
        {
            double[] one = shares[(row * 3)..((row + 1) * 3)];
            one.Sum().ShouldBe(1, 1e-9);
            clusters[Array.IndexOf(one, one.Max())].ShouldBe(labels[row]);
        }

        JsonElement scored = (await service.PostAsync($"/api/v1/models/{model}/score", """{"rows": [[0, 0], [10, 0], [0, 10]]}""")).Succeeded();
        Reals(answer, 1).ShouldBe(scored.GetProperty("scores").EnumerateArray().Select(row => row.GetProperty("score").GetDouble()));
        Reals(answer, 2).ShouldBe(scored.GetProperty("scores").EnumerateArray().Select(row => row.GetProperty("log_density").GetDouble()));
    }

    [Fact]
    public async Task Tensors_travel_as_bytes_both_ways()
    {
        string model = await service.SharedAsync();
        byte[] values = MemoryMarshal.AsBytes<float>([0, 0, 10, 0, 0, 10]).ToArray();
        byte[] ids = [.. "abc"u8.ToArray().SelectMany(letter => (byte[])[1, 0, 0, 0, letter])];
        byte[] json = Encoding.UTF8.GetBytes($$"""
            {"inputs": [{"name": "a", "shape": [3, 2], "datatype": "FP32", "parameters": {"binary_data_size": {{values.Length}} } },
              {"name": "id", "shape": [3], "datatype": "BYTES", "parameters": {"binary_data_size": {{ids.Length}} } }],
             "outputs": [{"name": "label", "parameters": {"binary_data": true} }, {"name": "distance", "parameters": {"binary_data": false} }]}
            """);
        Answer answer = await service.PostAsync($"/v2/models/{model}/infer", [.. json, .. values, .. ids], "application/octet-stream",
            ("Inference-Header-Content-Length", $"{json.Length}"));
        ((int)answer.Status).ShouldBe(200, answer.Text);
        answer.Type.ShouldBe("application/octet-stream");
        int head = int.Parse(answer.Headers.GetValues("Inference-Header-Content-Length").Single());
        JsonElement told = JsonDocument.Parse(answer.Body.AsMemory(0, head)).RootElement;
        told.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32().ShouldBe(12);
        told.GetProperty("outputs")[0].TryGetProperty("data", out _).ShouldBeFalse();
        told.GetProperty("outputs")[1].GetProperty("data").GetArrayLength().ShouldBe(3);
        answer.Body[head..].Chunk(4).Select(bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes)).ShouldBe(await LabelsAsync(model));

        Answer all = await service.PostAsync(
            $"/v2/models/{model}/infer",
                Encoding.UTF8.GetBytes(
                    $$"""{"parameters": {"binary_data_output": true}, "inputs": [{"name": "a", "shape": [3, 2], "datatype": "FP64", "data": {{Three}}}]}"""),
                        "application/json");
        all.Body.Length.ShouldBe(int.Parse(all.Headers.GetValues("Inference-Header-Content-Length").Single()) + 12 + 24);
    }

    [Fact]
    public async Task Bytes_that_do_not_fit_what_is_said_of_them_are_refused()
    {
        string model = await service.SharedAsync(), path = $"/v2/models/{model}/infer";
        await Refuse(16, 16, "takes 16 bytes, and 24 came", size: 24, extra: 8);
        await Refuse(1_000_000_000, 16, "promises 1000000000 bytes, and 16 are left");
        await Refuse(16, 24, "8 bytes are left behind the JSON");
        (await service.PostAsync(path, "{}"u8.ToArray(), "application/octet-stream", ("Inference-Header-Content-Length", "99"))).Refused(400)
            .ShouldContain("and the body has 2 bytes");
        (await service.PostAsync(path, "{}"u8.ToArray(), "application/octet-stream", ("Inference-Header-Content-Length", "-1"))).Refused(400);

        async Task Refuse(long promised, int sent, string why, int size = 0, int extra = 0)
        {
            byte[] json = Encoding.UTF8.GetBytes(
                $$"""
                {"inputs": [{"name": "a", "shape": [1, 2], "datatype": "FP64", "parameters": {"binary_data_size": {{(size > 0 ? size : promised)}}} }]}
                """);
            (await service.PostAsync(path, [.. json, .. new byte[sent + extra]], "application/octet-stream",
                ("Inference-Header-Content-Length", $"{json.Length}"))).Refused(400).ShouldContain(why);
        }
    }

    [Theory]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1000000000, 2], "datatype": "FP64", "data": [1, 2]}]}""", "of shape [1000000000, 2] holds 2000000000 "
        + "values, and 2 came")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [9223372036854775807, 9223372036854775807, 9223372036854775807], "datatype": "FP64", "data": [1, 2]}]}""",
        "and 2 came")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [-1, 2], "datatype": "FP64", "data": [1, 2]}]}""", "is no whole number of 0 or more")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 3], "datatype": "FP64", "data": [1, 2, 3]}]}""", "has 3 columns ('c0', 'c1', 'c2'), and the model "
        + "was trained on 2 columns ('x', 'y')")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 1, 2], "datatype": "FP64", "data": [1, 2]}]}""", "rows are of the shape [rows, columns]")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [0, 2], "datatype": "FP64", "data": []}]}""", "There are no rows")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 2], "datatype": "STRING", "data": [1, 2]}]}""", "is of type STRING: rows are of FP64")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 2], "datatype": "BYTES", "data": ["a", "b"]}]}""", "no tensor of numbers")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 2], "datatype": "FP64", "data": ["a", "b"]}]}""", "holds text ('a')")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 2], "datatype": "UINT8", "data": [1, 256]}]}""", "value 1 (from 0), 256, is no UINT8")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 2], "datatype": "INT32", "data": [1, 0.5]}]}""", "0.5, is no INT32")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 2], "datatype": "FP32", "data": [1, 1e300]}]}""", "is no FP32")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 2], "datatype": "FP64", "data": [1, null]}]}""", "Row 0 (from 0), column 'y': the value is "
        + "not a finite number: a row with a missing")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 2], "datatype": "FP64"}]}""", "has neither data nor a binary_data_size")]
    [InlineData("""{"inputs": [{"name": "a", "datatype": "FP64", "data": [1, 2]}]}""", "lacks its shape")]
    [InlineData("""{"inputs": []}""", "no tensor of numbers")]
    [InlineData("""{}""", "The request has no inputs")]
    [InlineData("""[]""", "must be an object with inputs")]
    [InlineData("""{"inputs": [{"name": "x", "shape": [1], "datatype": "FP64", "data": [1]}, {"name": "z", "shape": [1], "datatype": "FP64", "data": [1]}]}""",
        "lacks the model's column 'y'. The model has 'x', 'y', and here are 'x', 'z'.")]
    [InlineData(
        """
        {"inputs": [{"name": "x", "shape": [1], "datatype": "FP64", "data": [1]}, {"name": "y", "shape": [2], "datatype": "FP64", "data": [1, 2]}]}
        """, "columns are of one length")]
    [InlineData("""{"inputs": [{"name": "x", "shape": [1], "datatype": "FP64", "data": [1]}, {"name": "x", "shape": [1], "datatype": "FP64", "data": [1]}]}""",
        "two tensors named 'x'")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 2], "datatype": "FP64", "data": [1, 2]}], "outputs": [{"name": "score"}]}""",
        "has no output 'score': it has label, distance, version")]
    [InlineData("""{"inputs": [{"name": "a", "shape": [1, 2], "datatype": "FP64", "data": [1, 1e200]}]}""", "Row 0 (from 0), column 'y': 1E+200 is so far")]
    public async Task What_cannot_be_answered_is_refused_with_an_error_as_clients_read_it(string body, string why)
    {
        string model = await service.SharedAsync();
        Answer answer = await service.PostAsync($"/v2/models/{model}/infer", body);
        string detail = answer.Refused(400);
        detail.ShouldContain(why);
        answer.Json.GetProperty("error").GetString().ShouldBe(detail);
    }

    [Fact]
    public async Task A_route_answers_the_bare_name_and_each_row_tells_its_version()
    {
        string model = await service.ModelAsync(versions: 2, family: "gmm"), path = $"/api/v1/models/{model}";
        (await service.SendAsync(HttpMethod.Put, $"{path}/route",
            """{"kind": "set", "shares": [{"version": 1, "share": 0.5}, {"version": 2, "share": 0.5}]}""")).Succeeded();
        string ids = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"u{i}\"")), zeros = string.Join(',', Enumerable.Repeat("1.5, 0.5", 100));
        string inputs =
            $$"""
            [{"name": "a", "shape": [100, 2], "datatype": "FP64", "data": [{{zeros}}]}, {"name": "id", "shape": [100],
            "datatype": "BYTES", "data": [{{ids}}]}]
            """;
        JsonElement answer = (await service.PostAsync($"/v2/models/{model}/infer",
            $$"""{"inputs": {{inputs}}, "outputs": [{"name": "version"}, {"name": "log_density"}]}""")).Succeeded();
        answer.GetProperty("model_version").GetString().ShouldBe("1,2");
        int[] versions = [.. answer.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(version => version.GetInt32())];
        versions.Count(version => version == 1).ShouldBeInRange(25, 75);
        double[] under = [await DensityAsync(1), await DensityAsync(2)];
        Reals(answer, 1).ShouldBe(versions.Select(version => under[version - 1]));

        async Task<double> DensityAsync(int version) =>
            (await service.PostAsync($"/api/v1/models/{model}@{version}/score", """{"rows": [[1.5, 0.5]]}""")).Succeeded().GetProperty("scores")[0]
                .GetProperty("log_density").GetDouble();
    }

    private async Task<int[]> LabelsAsync(string model) =>
        [.. (await service.PostAsync($"/api/v1/models/{model}/assign", """{"rows": [[0, 0], [10, 0], [0, 10]]}""")).Succeeded().GetProperty("labels")
            .EnumerateArray().Select(label => label.GetInt32())];

    private static double[] Reals(JsonElement answer, int output) =>
        [.. answer.GetProperty("outputs")[output].GetProperty("data").EnumerateArray().Select(value => value.GetDouble())];

    private static string[] Tensors(JsonElement document, string list) => [.. document.GetProperty(list).EnumerateArray().Select(tensor =>
        $"{tensor.GetProperty("name").GetString()} {tensor.GetProperty("datatype").GetString()} "
            + $"[{string.Join(',', tensor.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()))}]")];
}
