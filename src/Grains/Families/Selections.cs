using System.Collections.Immutable;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Training;

namespace OrleansCluster.Families;

/// <summary>What families share in choosing a number of clusters.</summary>
public static class Selections
{
    /// <summary>What the report says of the numbers that were tried; nothing when there was only one.</summary>
    public static ImmutableArray<TrialRecord> Records(SelectionTrainer? trainer) => trainer is null ? [] : [.. trainer.Trials.Select(trial => new TrialRecord
    {
        K = trial.K,
        Value = trial.Value(trainer.Criterion),
        Start = trial.Start,
        Objective = trial.Objective,
        Criteria = [.. trial.Values.Select(value => new CriterionRecord
        {
            Name = value.Criterion.Name(),
            Value = value.Value,
            StandardError = value.StandardError,
            MoreIsBetter = value.Criterion.MoreIsBetter(),
        })],
    })];
}
