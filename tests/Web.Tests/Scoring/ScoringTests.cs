using System.Text.Json;

namespace OrleansCluster.Web.Tests.Scoring;

/// <summary>MLflow's scoring protocol.</summary>
public sealed class ScoringTests(Service service)
{
    [Theory]
    [InlineData("""{"dataframe_split": {"columns": ["y", "x"], "index": [0, 1, 2], "data": [[0, 0], [0, 10], [10, 0]]}}""")]
    [InlineData("""{"dataframe_split": {"data": [[0, 0], [0, 10], [10, 0]], "columns": ["y", "x"]}}""")]
    [InlineData("""{"dataframe_records": [{"x": 0, "y": 0}, {"y": 0, "x": 10}, {"x": 0, "y": 10}]}""")]
    [InlineData("""{"instances": [[0, 0], [10, 0], [0, 10]]}""")]
    [InlineData("""{"instances": [{"x": 0, "y": 0}, {"y": 0, "x": 10}, {"x": 0, "y": 10}], "params": {}}""")]
    [InlineData("""{"inputs": [[0, 0], [10, 0], [0, 10]], "params": null}""")]
    [InlineData("""{"inputs": {"y": [0, 0, 10], "x": [0, 10, 0]}}""")]
    [InlineData("""{"instances": {"y": [[0], [0], [10]], "x": [0, 10, 0]}}""")]
    public async Task Rows_come_in_every_way_that_clients_have(string body)
    {
        string model = await service.SharedAsync();
        Predictions(await service.PostAsync($"/models/{model}/invocations", body)).ShouldBe(await LabelsAsync(model));
    }

    [Fact]
    public async Task Csv_is_read_by_its_header_and_versions_and_aliases_answer()
    {
        string model = await service.ModelAsync(versions: 2);
        Predictions(await service.PostAsync($"/models/{model}@1/invocations", "y,x\n0,0\n0,10\n10,0\n"u8.ToArray(), "text/csv"))
            .ShouldBe(await LabelsAsync(model + "@1"));
        (await service.GetAsync($"/models/{model}@newest/ping")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        (await service.GetAsync("/models/no-such/ping")).Refused(404);
        (await service.GetAsync($"/models/{model}/version")).Text.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("""{"dataframe_split": {"columns": ["a", "b"], "data": [[0, 0]]}}""", "The model has 'x', 'y', and here are 'a', 'b'.")]
    [InlineData("""{"dataframe_split": {"columns": ["x", "y"]}}""", "has no data")]
    [InlineData("""{"dataframe_split": [[0, 0]]}""", "must be an object with columns and data")]
    [InlineData("""{"dataframe_split": {"columns": ["x", "y"], "data": [[0, null]]}}""", "Row 0 (from 0), column 'y': the value is missing")]
    [InlineData("""{"inputs": {"x": [1, 2], "y": [1]}}""", "of different lengths")]
    [InlineData("""{"inputs": {"x": 1}}""", "must be a list of values")]
    [InlineData("""{"instances": [[0, 0]], "inputs": [[0, 0]]}""", "both as instances and as inputs")]
    [InlineData("""{"instances": [1, 2]}""", "neither a list of values nor an object")]
    [InlineData("""{"instances": [[0, 0]], "params": {"temperature": 1}}""", "take no params")]
    [InlineData("""{"rows": [[0, 0]]}""", "send rows as dataframe_split")]
    [InlineData("""{}""", "The body has no rows")]
    public async Task What_cannot_be_answered_is_refused_as_clients_read_it(string body, string why)
    {
        string model = await service.SharedAsync();
        Answer answer = await service.PostAsync($"/models/{model}/invocations", body);
        answer.Refused(400).ShouldContain(why);
        (answer.Json.GetProperty("error_code").GetString(), answer.Json.GetProperty("message").GetString())
            .ShouldBe(("BAD_REQUEST", answer.Json.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Csv_that_cannot_be_answered_is_refused_with_its_place()
    {
        string model = await service.SharedAsync();
        (await service.PostAsync($"/models/{model}/invocations", "x,y\n0,abc\n"u8.ToArray(), "text/csv")).Refused(400).ShouldContain("line 2");
        (await service.PostAsync($"/models/{model}/invocations", "a,b\n0,1\n"u8.ToArray(), "text/csv")).Refused(400).ShouldContain("here are 'a', 'b'");
        (await service.PostAsync($"/models/{model}/invocations", "x,y\n0,1\n"u8.ToArray(), "text/plain")).Refused(415);
        (await service.PostAsync("/models/no-such/invocations", """{"instances": [[0, 0]]}""")).Json.GetProperty("error_code").GetString()
            .ShouldBe("RESOURCE_DOES_NOT_EXIST");
    }

    private async Task<int[]> LabelsAsync(string model) =>
        [.. (await service.PostAsync($"/api/v1/models/{model}/assign", """{"rows": [[0, 0], [10, 0], [0, 10]]}""")).Succeeded().GetProperty("labels")
            .EnumerateArray().Select(label => label.GetInt32())];

    private static int[] Predictions(Answer answer) =>
        [.. answer.Succeeded().GetProperty("predictions").EnumerateArray().Select((JsonElement label) => label.GetInt32())];
}
