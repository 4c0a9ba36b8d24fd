using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansCluster.Web.Tests.Descriptions;

/// <summary>
/// The description of the service is as its file in <c>Golden</c> says: a change of the API shows there. One that is meant is written into the folder that
/// <c>CLUSTER_OPENAPI_WRITE</c> names.
/// </summary>
public sealed class DescriptionTests(Service service)
{
    [Fact]
    public async Task The_description_is_as_its_file_says()
    {
        string written = JsonNode.Parse((await service.GetAsync("/openapi/v1.json")).Text)!.ToJsonString(
            new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";
        if (Environment.GetEnvironmentVariable("CLUSTER_OPENAPI_WRITE") is { } folder)
            await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), written);
        using var reader =
            new StreamReader(typeof(DescriptionTests).Assembly.GetManifestResourceStream("openapi.json").ShouldNotBeNull("openapi.json is not there"));
        written.ShouldBe(await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_its_parameters()
    {
        JsonElement document = (await service.GetAsync("/openapi/v1.json")).Succeeded();
        document.GetProperty("openapi").GetString().ShouldStartWith("3.1");
        var names = new List<string>();
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                names.Add(operation.Value.GetProperty("operationId").GetString()!);
                operation.Value.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
                string[] inPath = [.. path.Name.Split('{').Skip(1).Select(part => part.Split('}')[0])];
                string[] described = operation.Value.TryGetProperty("parameters", out JsonElement parameters)
                    ? [.. parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "path")
                        .Select(parameter => parameter.GetProperty("name").GetString()!)]
                    : [];
                described.ShouldBe(inPath, $"{operation.Name} {path.Name}");
            }
        }

        names.Count.ShouldBeGreaterThan(40);
        names.ShouldBeUnique();
    }
}
