using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Monitoring;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Cli.Tests.Monitoring;

/// <summary>What hangs on walls and wakes people: that rules and dashboards use metrics that there are, and runbooks commands that there are.</summary>
[Collection(nameof(CommandLine))]
public sealed partial class WallTests
{
    /// <summary>Of Prometheus itself, and of a server that no test here starts.</summary>
    private static readonly string[] Elsewhere = ["up", "http_server_request_duration_seconds_count", "http_server_active_requests"];

    private static readonly string[] Rules = File.ReadAllLines(CommandLine.InRepository("deploy/alerts/orleanscluster.yml"));

    [Fact]
    public async Task Every_metric_of_a_rule_or_a_dashboard_is_there()
    {
        // A silo has been at work, so that Orleans' instruments are there.
        using Workspace work = CommandLine.NewWorkspace();
        (await work.RunAsync("models", "list")).ExitCode.ShouldBe(0);
        HashSet<string> known = [.. Elsewhere, .. Instruments().SelectMany(Names)];
        string[] used = [.. Values("expr:").Concat(Expressions()).SelectMany(Metrics).Distinct()];
        used.Length.ShouldBeGreaterThan(25);
        used.Where(name => !known.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_alert_has_its_runbook_with_five_checks_and_every_command_of_one_parses()
    {
        string[] alerts = [.. Values("- alert:")], runbooks = [.. Values("runbook_url:")];
        runbooks.Length.ShouldBe(alerts.Length);
        string[] files = Directory.GetFiles(CommandLine.InRepository("deploy/runbooks"));
        files.Select(file => "deploy/runbooks/" + Path.GetFileName(file)).Order(StringComparer.Ordinal).ShouldBe(
            runbooks.Distinct().Order(StringComparer.Ordinal));
        System.CommandLine.RootCommand tree = CommandTree.Create();
        foreach (string file in files)
        {
            string text = File.ReadAllText(file);
            foreach (string part in (string[])["## What it means", "## Five checks", "5. ", "## Rollback", "## When to call whom"])
                text.ShouldContain("\n" + part, customMessage: file);
            foreach (Match command in Command().Matches(text))
                tree.Parse(command.Groups[1].Value).Errors.Select(error => error.Message).ShouldBeEmpty($"{file}: {command.Value}");
        }
    }

    private static IEnumerable<string> Values(string key) => Rules.Select(line => line.Trim())
        .Where(line => line.StartsWith(key, StringComparison.Ordinal)).Select(line => line[key.Length..].Trim());

    private static IEnumerable<string> Expressions()
    {
        foreach (string file in Directory.GetFiles(CommandLine.InRepository("deploy/dashboards"), "*.json"))
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
            foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
            {
                foreach (JsonElement target in panel.GetProperty("targets").EnumerateArray())
                    yield return target.GetProperty("expr").GetString()!;
            }
        }
    }

    /// <summary>Names in an expression that are no labels: those stand in braces, or behind by.</summary>
    private static IEnumerable<string> Metrics(string expression) =>
        Metric().Matches(Labels().Replace(expression, "")).Select(match => match.Value);

    private static List<Instrument> Instruments()
    {
        RuntimeHelpers.RunClassConstructor(typeof(ClusterTelemetry).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(WebServer).Assembly.GetType("OrleansCluster.Web.Hosting.WebTelemetry", throwOnError: true)!.TypeHandle);
        var found = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => found.Add(instrument) };
        listener.Start();
        return found;
    }

    /// <summary>What an instrument is called in Prometheus, by the specification of OpenTelemetry's exporter.</summary>
    private static IEnumerable<string> Names(Instrument instrument)
    {
        string name = instrument.Name.Replace('.', '_').Replace('-', '_');
        string unit = instrument.Unit switch { "s" => "seconds", "ms" => "milliseconds", "By" or "bytes" => "bytes", _ => "" };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal))
            name += "_" + unit;
        string kind = instrument.GetType().Name.Split('`')[0];
        if (kind is "Counter" or "ObservableCounter")
            return [name + "_total"];
        return kind == "Histogram" ? [name + "_bucket", name + "_sum", name + "_count"] : [name];
    }

    [GeneratedRegex(@"\./cluster (.+?)(?:`|$)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"\{[^}]*\}|\bby \([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"\b(?:up\b|(?:cluster|orleans|http|dotnet|kestrel)_[a-z0-9_]+)")]
    private static partial Regex Metric();
}
