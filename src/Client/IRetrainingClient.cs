using System.Collections.Immutable;
using OrleansCluster.Retraining;

namespace OrleansCluster.Client;

/// <summary>Models that are retrained by themselves: when, on what, and what became of it.</summary>
public interface IRetrainingClient
{
    /// <summary>Every model with a plan, by name.</summary>
    Task<ImmutableArray<RetrainingStatus>> ListAsync(CancellationToken cancellation = default);

    /// <summary>The plan of a model and what came of it; null: it has none.</summary>
    Task<RetrainingStatus?> StatusAsync(string model, CancellationToken cancellation = default);

    /// <summary>Sets the plan of a model, or another one.</summary>
    /// <exception cref="ClusteringException">There is no such model or dataset, or the plan cannot be carried out; the message says why.</exception>
    Task<RetrainingStatus> SetAsync(string model, RetrainingPlan plan, CancellationToken cancellation = default);

    /// <summary>Takes the plan away; a canary of its is ended.</summary>
    /// <exception cref="ClusteringException">There is no plan.</exception>
    Task RemoveAsync(string model, CancellationToken cancellation = default);

    /// <summary>Begins a run now; answers where things stand when one is under way.</summary>
    /// <param name="model">The model.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusteringException">There is no plan, or it cannot be begun.</exception>
    Task<RetrainingStatus> BeginAsync(string model, string by, CancellationToken cancellation = default);

    /// <summary>Looks now whether anything is due, and takes the next step of what is under way, as is done every minute.</summary>
    /// <exception cref="ClusteringException">There is no plan.</exception>
    Task<RetrainingStatus> LookAsync(string model, CancellationToken cancellation = default);

    /// <summary>Goes on after too many failures.</summary>
    /// <exception cref="ClusteringException">There is no plan.</exception>
    Task<RetrainingStatus> ResumeAsync(string model, CancellationToken cancellation = default);

    /// <summary>How many begin by themselves in a day, of all models together.</summary>
    Task<RetrainingBudget> BudgetAsync(CancellationToken cancellation = default);

    /// <summary>Sets that; 0: as many as the models' plans say.</summary>
    /// <exception cref="ClusteringException">It is out of range.</exception>
    Task<RetrainingBudget> LimitAsync(int mostADay, CancellationToken cancellation = default);
}
