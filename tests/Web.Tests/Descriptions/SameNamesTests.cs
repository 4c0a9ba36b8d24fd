using System.Text.Json;

namespace OrleansCluster.Web.Tests.Descriptions;

/// <summary>
/// What the command prints with <c>--report json</c> and what the service answers have the same names: who can read the one can read the other.
/// </summary>
public sealed class SameNamesTests
{
    [Theory]
    [InlineData("datasets show", "DatasetDocument")]
    [InlineData("jobs list: []", "JobDocument")]
    [InlineData("models list: []", "ModelPageDocument.items[]")]
    [InlineData("models diff", "DiffDocument")]
    [InlineData("route show", "RouteDocument")]
    public void What_a_report_tells_the_service_tells_by_the_same_names(string report, string document)
    {
        (string command, string item) = report.Split(": ") is [var name, var rest] ? (name, rest + ".") : (report, "");
        string[] told = [.. File.ReadLines(Service.InRepository("tests/Cli.Tests/Output/report-shapes.txt"))
            .Where(line => line.StartsWith($"{command}: {item}", StringComparison.Ordinal))
            .Select(line => line[$"{command}: {item}".Length..].Split(' ')[0])
            // Its members are names that people gave.
            .Select(path => path.StartsWith("aliases.", StringComparison.Ordinal) ? "aliases" : path)
            .Distinct()];
        told.Length.ShouldBeGreaterThan(5);
        string[] parts = document.Split('.');
        using var golden = JsonDocument.Parse(File.ReadAllText(Service.InRepository($"tests/Grains.Tests/Json/Golden/{parts[0]}.json")));
        JsonElement root = parts.Length == 1 ? golden.RootElement : golden.RootElement.GetProperty(parts[1].TrimEnd('[', ']'))[0];
        var known = new HashSet<string>();
        Walk(root, "", known);
        told.Where(path => !known.Contains(path)).ShouldBeEmpty();
    }

    /// <summary>Paths of all members, of those that are lists and objects themselves as well.</summary>
    private static void Walk(JsonElement value, string path, HashSet<string> known)
    {
        known.Add(path);
        if (value.ValueKind == JsonValueKind.Array)
        {
            known.Add(path + "[]");
            foreach (JsonElement item in value.EnumerateArray())
                Walk(item, path + "[]", known);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
                Walk(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", known);
        }
    }
}
