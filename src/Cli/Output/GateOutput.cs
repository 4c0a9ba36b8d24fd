using System.Text.Json;
using OrleansCluster.Contracts;
using OrleansCluster.Models.Gates;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>What a model's policy made of a version, as text and as JSON.</summary>
internal static class GateOutput
{
    /// <summary>The exit code of a finished training: whether its version was promoted as far as a policy says anything about it.</summary>
    public static int Code(TrainingReport report) => report.Gate is null or { Verdict: GateVerdicts.Champion } ? ExitCode.Success : ExitCode.NotPromoted;

    /// <summary>The verdict and why, rule by rule.</summary>
    public static void Write(IAnsiConsole console, GateReport gate)
    {
        string compared = gate.Champion > 0 ? $", compared with version {gate.Champion}" : ", no champion to compare with";
        int failed = gate.Outcomes.Count(outcome => !outcome.Passed);
        string rules = failed == 0 ? $"all of {Numbers.Of(gate.Outcomes.Length, "rule")} passed"
            : $"{failed} of {Numbers.Of(gate.Outcomes.Length, "rule")} failed";
        console.WriteLine();
        TrainingText.Fact(console, "gate", Name(gate.Verdict), $"{rules}{compared}");
        const int metric = 15;
        foreach (GateOutcome outcome in gate.Outcomes)
            console.Write(new Prose(4 + metric, ($"  {(outcome.Passed ? "✓" : "✗")} "
                + $"{outcome.Rule.Metric.PadRight(metric)}{outcome.Why}", outcome.Passed ? Style.Plain : Palette.Warning)));
        if (gate.Remark.Length > 0)
            Prose.Marked(console, "!", gate.Remark, Palette.Warning);
    }

    /// <summary>The verdict as an object.</summary>
    public static void Write(Utf8JsonWriter json, GateReport gate)
    {
        json.WriteStartObject();
        json.WriteString("verdict", gate.Verdict);
        json.WriteNumber("champion", gate.Champion);
        json.WriteString("remark", gate.Remark);
        json.WriteStartArray("rules");
        foreach (GateOutcome outcome in gate.Outcomes)
        {
            json.WriteStartObject();
            json.WriteString("metric", outcome.Rule.Metric);
            json.WriteReal("limit", outcome.Rule.Limit);
            json.WriteString("otherwise", outcome.Rule.Otherwise);
            json.WriteBoolean("passed", outcome.Passed);
            json.WriteReal("value", outcome.Value ?? double.NaN);
            json.WriteString("why", outcome.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Name(string verdict) => verdict switch
    {
        GateVerdicts.Champion => "promoted to champion",
        GateVerdicts.Challenger => "not promoted: it is the challenger",
        _ => "not promoted",
    };
}
