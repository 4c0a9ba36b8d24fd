using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Client;

/// <summary>
/// A retraining as asked for. What is not said here is as it was for the version that it goes on from: the champion where one is set, else the newest.
/// </summary>
public sealed record RetrainingOrder
{
    /// <summary>The model to train again.</summary>
    public required string Model { get; init; }

    /// <summary>The rows to train on: a dataset with the model's columns.</summary>
    public required string Dataset { get; init; }

    /// <summary>0: the newest.</summary>
    public int DatasetVersion { get; init; }

    /// <summary>Start as the options say and not from the parent's parameters.</summary>
    public bool Fresh { get; init; }

    /// <summary>
    /// Merge clusters of the parent that have become one on the new rows, and split those that have become two, before the training begins. Not with
    /// <see cref="Fresh"/>.
    /// </summary>
    public bool Adapt { get; init; }

    /// <summary>Whether rows are flagged as anomalies by the parent's threshold; else it is set anew.</summary>
    public bool KeepThreshold { get; init; }

    /// <summary>Null: the parent's.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Null: the parent's. Only with <see cref="Fresh"/>: from given parameters every start is the same.</summary>
    public int? Restarts { get; init; }

    /// <summary>Who asks, for the model's audit trail.</summary>
    public string By { get; init; } = "";

    /// <summary>The request that says all of this.</summary>
    /// <param name="parent">What the bare name means; null: there is no such model.</param>
    internal TrainingRequest For(ModelVersion? parent)
    {
        if (parent is null)
            throw new ClusteringException($"There is no model '{Model}' to retrain: train it first, or correct the name.");
        if (Restarts is not null && !Fresh)
            throw new ClusteringException("Restarts are for a fresh retraining: from the parent's parameters every start is the same. Ask for a fresh one, "
                + "or leave restarts out.");
        if (Adapt && Fresh)
            throw new ClusteringException("A fresh retraining has no clusters to adapt: ask for one or the other.");
        return new TrainingRequest
        {
            Model = Model,
            Dataset = Dataset,
            DatasetVersion = DatasetVersion,
            Parent = parent.Version,
            By = By,
            Retraining = Fresh ? RetrainingKind.Fresh : RetrainingKind.Warm,
            Options = parent.Training.Options.Again(Seed, Restarts),
            Adapts = Adapt,
            KeepsThreshold = KeepThreshold,
        };
    }
}
