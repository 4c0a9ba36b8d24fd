using OrleansCluster.Contracts;
using OrleansCluster.Families;
using OrleansCluster.Families.Options;
using OrleansCluster.Models.Gates;
using OrleansCluster.Training;

namespace OrleansCluster.Json;

/// <summary>Training reports of documents; <see cref="ReportDocuments"/> writes them.</summary>
internal static class ReportJson
{
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

    private static RestartRecord Read(RestartDocument one) =>
        new() { Restart = one.Restart, Iterations = one.Iterations, Objective = one.Objective, Stop = one.Stop };

    private static ClusterRecord Read(ClusterDocument one) => new() { Label = one.Label, Size = one.Size, Weight = one.Weight, Spread = one.Spread };

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
