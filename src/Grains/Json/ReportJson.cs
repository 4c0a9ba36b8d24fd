using OrleansCluster.Contracts;
using OrleansCluster.Families;
using OrleansCluster.Families.Options;
using OrleansCluster.Models.Gates;
using OrleansCluster.Training;

namespace OrleansCluster.Json;

/// <summary>Training reports as documents.</summary>
internal static class ReportJson
{
    public static ReportDocument Write(FamilyRegistry families, TrainingReport report) => new()
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
        Options = OptionsJson.Write(families.Find(report.Options.Family).Description, report.Options),
        K = report.K,
        Threads = report.Threads,
        Stop = report.Stop,
        Objective = report.Objective,
        ObjectiveName = report.ObjectiveName,
        Measures = [.. report.Measures.Select(measure => new MeasureDocument { Name = measure.Name, Value = measure.Value })],
        PartMeasures = [.. report.PartMeasures.Select(measure => new PartMeasureDocument { Name = measure.Name, Values = [.. measure.Values] })],
        Iterations = [.. report.Iterations.Select(Write)],
        Restarts = [.. report.Restarts.Select(Write)],
        Clusters = [.. report.Clusters.Select(Write)],
        Selection = [.. report.Selection.Select(Write)],
        Warnings = [.. report.Warnings],
        Gate = report.Gate is { } gate ? Write(gate) : null,
        Retraining = Words.Of(report.Retraining),
        SampleSize = report.SampleSize,
        InitSeconds = report.InitSeconds,
        IterateSeconds = report.IterateSeconds,
        TotalSeconds = report.TotalSeconds,
        MemoryPeakBytes = report.MemoryPeakBytes,
        Digest = report.Digest,
        Code = report.Code,
        Resumed = report.Resumed,
    };

    /// <exception cref="ClusteringException">The family is not known, or an option cannot be read.</exception>
    public static TrainingReport Read(FamilyRegistry families, ReportDocument document) => families.Tell(new TrainingReport
    {
        Job = document.Job,
        Model = document.Model,
        Version = document.Version,
        Dataset = document.Dataset,
        DatasetVersion = document.DatasetVersion,
        Rows = document.Rows,
        Columns = [.. document.Columns],
        Inputs = [.. (document.Inputs ?? []).Select(input => new InputColumn { Name = input.Name, Type = input.Type })],
        Preparation = document.Preparation ?? "",
        PreparationSteps = [.. document.PreparationSteps ?? []],
        Options = OptionsJson.Read(families.Find(document.Family).Description, document.Options ?? []),
        K = document.K,
        Threads = document.Threads,
        Stop = document.Stop,
        Objective = document.Objective,
        ObjectiveName = document.ObjectiveName,
        Measures = [.. document.Measures.Select(measure => new Measure { Name = measure.Name, Value = measure.Value })],
        PartMeasures = [.. document.PartMeasures.Select(measure => new PartMeasure { Name = measure.Name, Values = [.. measure.Values] })],
        Iterations = [.. document.Iterations.Select(Read)],
        Restarts = [.. document.Restarts.Select(Read)],
        Clusters = [.. document.Clusters.Select(Read)],
        Selection = [.. document.Selection.Select(Read)],
        Warnings = [.. document.Warnings],
        Gate = document.Gate is { } gate ? Read(gate) : null,
        Retraining = Words.Retraining(document.Retraining),
        SampleSize = document.SampleSize,
        InitSeconds = document.InitSeconds,
        IterateSeconds = document.IterateSeconds,
        TotalSeconds = document.TotalSeconds,
        MemoryPeakBytes = document.MemoryPeakBytes,
        Digest = document.Digest,
        Code = document.Code,
        Resumed = document.Resumed,
    });

    private static IterationDocument Write(IterationRecord one) => new()
    {
        Restart = one.Restart,
        Iteration = one.Iteration,
        Objective = one.Objective,
        Shift = one.Shift,
        Moved = one.Moved,
        Distances = one.Distances,
        Seconds = one.Seconds,
    };

    private static IterationRecord Read(IterationDocument one) => new()
    {
        Restart = one.Restart,
        Iteration = one.Iteration,
        Objective = one.Objective,
        Shift = one.Shift,
        Moved = one.Moved,
        Distances = one.Distances,
        Seconds = one.Seconds,
    };
    private static RestartDocument Write(RestartRecord one) =>
        new() { Restart = one.Restart, Iterations = one.Iterations, Objective = one.Objective, Stop = one.Stop };
    private static RestartRecord Read(RestartDocument one) =>
        new() { Restart = one.Restart, Iterations = one.Iterations, Objective = one.Objective, Stop = one.Stop };

    private static ClusterDocument Write(ClusterRecord one) => new() { Label = one.Label, Size = one.Size, Weight = one.Weight, Spread = one.Spread };

    private static ClusterRecord Read(ClusterDocument one) => new() { Label = one.Label, Size = one.Size, Weight = one.Weight, Spread = one.Spread };

    private static TrialDocument Write(TrialRecord one) => new()
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

    private static TrialRecord Read(TrialDocument one) => new()
    {
        K = one.K,
        Value = one.Value,
        Start = one.Start,
        Objective = one.Objective,
        Criteria = [.. one.Criteria.Select(criterion => new CriterionRecord
        {
            Name = criterion.Name, Value = criterion.Value, StandardError = criterion.StandardError, MoreIsBetter = criterion.MoreIsBetter,
        })],
    };

    private static GateDocument Write(GateReport gate) => new()
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

    private static GateReport Read(GateDocument gate) => new()
    {
        Verdict = gate.Verdict,
        Champion = gate.Champion,
        Remark = gate.Remark,
        Outcomes = [.. gate.Outcomes.Select(outcome => new GateOutcome
        {
            Rule = new GateRule { Metric = outcome.Rule.Metric, Limit = outcome.Rule.Limit, Otherwise = outcome.Rule.Otherwise },
            Passed = outcome.Passed,
            Value = outcome.Value,
            Why = outcome.Why,
        })],
    };
}
