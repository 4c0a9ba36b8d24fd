using OrleansCluster.Contracts.Api;
using OrleansCluster.Monitoring;
using OrleansCluster.Retraining;

namespace OrleansCluster.Json;

/// <summary>Retraining as JSON, both ways.</summary>
public static class RetrainingDocuments
{
    /// <summary>Where the retraining of a model stands.</summary>
    public static RetrainingDocument Of(RetrainingStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return new RetrainingDocument
        {
            Model = status.Model,
            Plan = Of(status.Plan),
            By = status.Plan.By,
            Next = status.Next,
            Waiting = Text(status.Waiting),
            Stopped = Text(status.Stopped),
            Current = status.Current is { } run ? Of(run) : null,
            Ended = [.. status.Ended.Select(Of)],
        };
    }

    /// <summary>A plan.</summary>
    public static RetrainingPlanDocument Of(RetrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new RetrainingPlanDocument
        {
            Dataset = plan.Dataset,
            Schedule = Text(plan.Schedule),
            TimeZone = plan.TimeZone,
            Hours = Text(plan.Hours),
            DriftedWindows = plan.DriftedWindows,
            DriftEffect = plan.Thresholds.Wasserstein,
            DriftMinRows = plan.Thresholds.MinimumRows,
            NewRows = plan.NewRows,
            OlderThanSeconds = plan.OldestChampion?.TotalSeconds,
            PauseSeconds = plan.Pause.TotalSeconds,
            MostADay = plan.MostADay,
            MostFailures = plan.MostFailures,
            Fresh = plan.Fresh,
            Adapt = plan.Adapts,
            AdaptThreshold = plan.AdaptsThreshold,
            Canary = [.. plan.Steps.Select(DocumentNumbers.Share)],
            EverySeconds = plan.Every.TotalSeconds,
            Guards = DocumentNumbers.Of(plan.Guards),
            PatienceSeconds = plan.Patience.TotalSeconds,
        };
    }

    /// <summary>The plan that a document says.</summary>
    /// <exception cref="ClusteringException">A share or a duration is none.</exception>
    public static RetrainingPlan Read(RetrainingPlanDocument document, string by)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new RetrainingPlan
        {
            Dataset = document.Dataset,
            Schedule = document.Schedule ?? "",
            TimeZone = document.TimeZone,
            Hours = document.Hours ?? "",
            DriftedWindows = document.DriftedWindows,
            Thresholds = Thresholds(document.DriftEffect, document.DriftMinRows),
            NewRows = document.NewRows,
            OldestChampion = document.OlderThanSeconds is { } age ? DocumentNumbers.Span("older_than_seconds", age) : null,
            Pause = DocumentNumbers.Span("pause_seconds", document.PauseSeconds),
            MostADay = document.MostADay,
            MostFailures = document.MostFailures,
            Fresh = document.Fresh,
            Adapts = document.Adapt,
            AdaptsThreshold = document.AdaptThreshold,
            Steps = [.. document.Canary.Select(Slots)],
            Every = DocumentNumbers.Span("every_seconds", document.EverySeconds),
            Guards = DocumentNumbers.Read(document.Guards),
            Patience = DocumentNumbers.Span("patience_seconds", document.PatienceSeconds),
            By = by,
        };
    }

    /// <summary>What is called drift from one least effect on.</summary>
    public static DriftThresholds Thresholds(double effect, int rows) => new()
    {
        Wasserstein = effect,
        KolmogorovSmirnov = effect,
        JensenShannon = effect,
        Fit = effect,
        MinimumRows = rows,
    };

    /// <summary>The word of a step.</summary>
    public static string Word(RetrainingStep step) => step switch
    {
        RetrainingStep.Training => "training",
        RetrainingStep.Trying => "trying",
        RetrainingStep.Promoted => "promoted",
        RetrainingStep.Rejected => "rejected",
        RetrainingStep.RolledBack => "rolled-back",
        RetrainingStep.Failed => "failed",
        RetrainingStep.Left => "left",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Not a step of a retraining."),
    };

    /// <summary>What a tenant may still retrain by itself.</summary>
    public static RetrainingBudgetDocument Of(RetrainingBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return new RetrainingBudgetDocument { MostADay = budget.MostADay, Taken = [.. budget.Taken.Select(taken => taken.Job)] };
    }

    private static RetrainingRunDocument Of(RetrainingRun run) => new()
    {
        Run = run.Number,
        Step = Word(run.Step),
        Cause = run.Cause,
        Because = run.Because,
        Job = run.Job,
        DatasetVersion = run.DatasetVersion,
        Parent = run.Parent,
        Version = run.Version > 0 ? run.Version : null,
        CanaryStep = run.Step == RetrainingStep.Trying ? run.CanaryStep + 1 : null,
        Began = run.Began,
        Ended = run.EndedAt,
        Why = Text(run.Why),
    };

    private static string? Text(string text) => text.Length > 0 ? text : null;

    private static int Slots(double share) =>
        DocumentNumbers.Slots(share) ?? throw new ClusteringException($"The share {share} is not from 0 to 1 in steps of 0.0001.");
}
