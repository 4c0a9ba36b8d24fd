using OrleansCluster.Contracts;
using OrleansCluster.Families.Options;
using OrleansCluster.Models.Gates;
using OrleansCluster.Training;

namespace OrleansCluster.Json;

/// <summary>Training reports as documents, which are kept and which the service tells.</summary>
public static class ReportDocuments
{
    /// <summary>A report with all that it tells.</summary>
    public static ReportDocument Of(TrainingReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new ReportDocument
        {
            Job = report.Job,
            Model = report.Model,
            Version = report.Version,
            Dataset = report.Dataset,
            DatasetVersion = report.DatasetVersion,
            Rows = report.Rows,
            Columns = [.. report.Columns],
            Inputs = report.Inputs.IsDefaultOrEmpty ? null : [.. report.Inputs.Select(input => new InputDocument { Name = input.Name, Type = input.Type })],
            Preparation = report.Inputs.IsDefaultOrEmpty ? null : report.Preparation,
            PreparationSteps = report.Inputs.IsDefaultOrEmpty ? null : [.. report.PreparationSteps],
            Family = report.Options.Family,
            Options = OptionsJson.Write(report.Options),
            K = report.K,
            Threads = report.Threads,
            Stop = report.Stop,
            Objective = report.Objective,
            ObjectiveName = report.ObjectiveName,
            Measures = [.. report.Measures.Select(measure => new MeasureDocument { Name = measure.Name, Value = measure.Value })],
            PartMeasures = [.. report.PartMeasures.Select(measure => new PartMeasureDocument { Name = measure.Name, Values = [.. measure.Values] })],
            Iterations = [.. report.Iterations.Select(Of)],
            Restarts = [.. report.Restarts.Select(Of)],
            Clusters = [.. report.Clusters.Select(Of)],
            Selection = [.. report.Selection.Select(Of)],
            Warnings = [.. report.Warnings],
            Gate = report.Gate is { } gate ? Of(gate) : null,
            Retraining = RetrainingWords.Of(report.Retraining),
            SampleSize = report.SampleSize,
            InitSeconds = report.InitSeconds,
            IterateSeconds = report.IterateSeconds,
            TotalSeconds = report.TotalSeconds,
            MemoryPeakBytes = report.MemoryPeakBytes,
            Digest = report.Digest,
            Code = report.Code,
            Resumed = report.Resumed,
        };
    }

    /// <summary>What an iteration told.</summary>
    public static IterationDocument Of(IterationRecord one)
    {
        ArgumentNullException.ThrowIfNull(one);
        return new IterationDocument
        {
            Restart = one.Restart,
            Iteration = one.Iteration,
            Objective = one.Objective,
            Shift = one.Shift,
            Moved = one.Moved,
            Distances = one.Distances,
            Seconds = one.Seconds,
        };
    }

    private static RestartDocument Of(RestartRecord one) =>
        new() { Restart = one.Restart, Iterations = one.Iterations, Objective = one.Objective, Stop = one.Stop };

    private static ClusterDocument Of(ClusterRecord one) => new() { Label = one.Label, Size = one.Size, Weight = one.Weight, Spread = one.Spread };

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
