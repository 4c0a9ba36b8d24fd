using System.Globalization;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>
/// What <c>--report json</c> prints is a contract: the names and kinds of its fields are in report-shapes.txt, a line each. A name that goes missing breaks
/// whoever reads it; a new one is added to the file.
/// </summary>
[Collection(nameof(CommandLine))]
public sealed class ReportShapeTests
{
    private const string Golden = "tests/Cli.Tests/Output/report-shapes.txt";

    private static readonly string[] Commands =
    [
        "datasets import points points.csv --id-column id",
        "datasets show points",
        "datasets list",
        "train kmeans --data points --k 3 --restarts 2 --seed 1 --model m",
        "train kmeans --data points --k 2..4 --model chosen",
        "train gmm --data points --k 3 --model g",
        "models policy m --objective-worse-than 50% --min-size 2",
        "models name-cluster m 1 east",
        "models tag m@1 run=17",
        "retrain m --data points",
        "models promote m@1",
        "models alias m@1 live",
        "models show m",
        "models show m@1",
        "models list",
        "models diff m@1 @2",
        "models audit m",
        "models policy m",
        "route shadow m 2",
        "assign --model m --data points.csv --id-column id",
        "route show m",
        "score --model g --data points.csv --id-column id",
        "explain m --data points.csv --id-column id --rows 2",
        "sample --model g --rows 2 --seed 1 --out drawn.csv",
        "evaluate --model m --data points.csv --id-column id --labels truth.csv",
        "evaluate --model g@1 --against 1",
        "jobs list",
        "silos",
        "audit list",
        "audit verify",
        "audit export --out log.jsonl",
        "families list",
        "families show kmeans",
    ];

    [Fact]
    public async Task Names_and_kinds_of_every_report_are_those_of_the_golden_file()
    {
        using Workspace work = CommandLine.NewWorkspaceOfProcesses();
        work.Write("points.csv", Points());
        work.Write("truth.csv", "truth\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 3}\n"))));
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string command in Commands)
        {
            JsonElement report = await work.JsonAsync(command.Split(' '));
            string name = string.Join(' ', command.Split(' ').TakeWhile(word => !word.StartsWith('-')).Take(2));
            Describe(name, "", report, lines);
        }

        string[] golden = await File.ReadAllLinesAsync(CommandLine.InRepository(Golden));
        string found = Path.Combine(Path.GetTempPath(), "report-shapes.txt");
        if (!lines.SequenceEqual(golden))
            await File.WriteAllLinesAsync(found, lines);
        golden.Except(lines).ShouldBeEmpty($"fields that are gone; what there is now is in {found}");
        lines.Except(golden).ShouldBeEmpty($"fields that the golden file does not have; what there is now is in {found}");
    }

    private static void Describe(string command, string path, JsonElement value, SortedSet<string> lines)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty field in value.EnumerateObject())
                    Describe(command, path.Length == 0 ? field.Name : $"{path}.{field.Name}", field.Value, lines);
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                    Describe(command, path + "[]", item, lines);
                break;
            default:
                string kind = value.ValueKind is JsonValueKind.True or JsonValueKind.False ? "boolean" : value.ValueKind.ToString().ToLowerInvariant();
                lines.Add($"{command}: {path} {kind}");
                break;
        }
    }

    private static string Points()
    {
        var random = new Random(5);
        IEnumerable<string> rows = Enumerable.Range(0, 60).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"p{i},{(i % 3 * 8) + random.NextDouble():F3},{(i % 3 * 5) + random.NextDouble():F3}"));
        return "id,x,y\n" + string.Join('\n', rows) + "\n";
    }
}
