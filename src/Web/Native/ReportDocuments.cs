using System.Text.Json.Nodes;
using OrleansCluster.Contracts;
using OrleansCluster.Families.Options;
using OrleansCluster.Models.Gates;
using OrleansCluster.Training;

namespace OrleansCluster.Web.Native;

/// <summary>Training reports as documents: as they are kept.</summary>
internal static class ReportDocuments
{
    public static ReportDocument Of(TrainingReport report) => new()
    {
        Job = report.Job,
        Model = report.Model,
        Version = report.Version,
        Dataset = report.Dataset,
        DatasetVersion = report.DatasetVersion,
        Rows = report.Rows,
        Columns = [.. report.Columns],
        Family = report.Options.Family,
        Options = Options(report.Options),
        K = report.K,
        Threads = report.Threads,
        Stop = report.Stop,
        Objective = report.Objective,
        ObjectiveName = report.ObjectiveName,
        Measures = [.. report.Measures.Select(measure => new MeasureDocument { Name = measure.Name, Value = measure.Value })],
        PartMeasures = [.. report.PartMeasures.Select(measure => new PartMeasureDocument { Name = measure.Name, Values = [.. measure.Values] })],
        Iterations = [.. report.Iterations.Select(Of)],
        Restarts = [.. report.Restarts.Select(one =>
            new RestartDocument { Restart = one.Restart, Iterations = one.Iterations, Objective = one.Objective, Stop = one.Stop })],
        Clusters = [.. report.Clusters.Select(one => new ClusterDocument { Label = one.Label, Size = one.Size, Weight = one.Weight, Spread = one.Spread })],
        Selection = [.. report.Selection.Select(Of)],
        Warnings = [.. report.Warnings],
        Gate = report.Gate is { } gate ? Of(gate) : null,
        Retraining = report.Retraining switch { RetrainingKind.Warm => "warm", RetrainingKind.Fresh => "fresh", _ => "none" },
        SampleSize = report.SampleSize,
        InitSeconds = report.InitSeconds,
        IterateSeconds = report.IterateSeconds,
        TotalSeconds = report.TotalSeconds,
        MemoryPeakBytes = report.MemoryPeakBytes,
        Digest = report.Digest,
        Code = report.Code,
        Resumed = report.Resumed,
    };

    public static IterationDocument Of(IterationRecord one) => new()
    {
        Restart = one.Restart,
        Iteration = one.Iteration,
        Objective = one.Objective,
        Shift = one.Shift,
        Moved = one.Moved,
        Distances = one.Distances,
        Seconds = one.Seconds,
    };

    private static JsonObject Options(ITrainingOptions options)
    {
        var json = new JsonObject();
        foreach (OptionInfo option in OptionList.Of(options).Where(option => option.Kind != OptionKind.Rows))
            json[option.JsonName] = OptionsJson.Value(option, option.Read(options));
        return json;
    }

    private static TrialDocument Of(TrialRecord one) => new()
    {
        K = one.K,
        Value = one.Value,
        Start = one.Start,
        Objective = one.Objective,
        Criteria = [.. one.Criteria.Select(criterion => new CriterionDocument
        {
            Name = criterion.Name, Value = criterion.Value, StandardError = criterion.StandardError, MoreIsBetter = criterion.MoreIsBetter,
        })],
    };

    private static GateDocument Of(GateReport gate) => new()
    {
        Verdict = gate.Verdict,
        Champion = gate.Champion,
        Remark = gate.Remark,
        Outcomes = [.. gate.Outcomes.Select(outcome => new GateOutcomeDocument
        {
            Rule = new GateRuleDocument { Metric = outcome.Rule.Metric, Limit = outcome.Rule.Limit, Otherwise = outcome.Rule.Otherwise },
            Passed = outcome.Passed,
            Value = outcome.Value,
            Why = outcome.Why,
        })],
    };
}
