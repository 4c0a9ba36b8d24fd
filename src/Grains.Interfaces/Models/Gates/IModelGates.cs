using Orleans.Concurrency;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Models.Gates;

/// <summary>Who may become a model's champion, and who may retrain it; key: <c>tenant/name</c>.</summary>
[Alias("oc.IModelGates")]
public interface IModelGates : IGrainWithStringKey
{
    /// <summary>What a publication must measure for the model's policy; null when it has none.</summary>
    [Alias("Plan"), AlwaysInterleave]
    Task<GatePlan?> Plan(CancellationToken cancellation = default);

    /// <summary>Sets the policy that new versions are judged by; null: none is, and none is promoted by itself.</summary>
    /// <exception cref="ClusteringException">Another change came first, or the policy cannot be carried out.</exception>
    [Alias("SetPolicy"), Audited("model.set-policy")]
    Task<ModelInfo> SetPolicy(ModelChange change, GatePolicy? policy, CancellationToken cancellation = default);

    /// <summary>Lets a job retrain the model, and no other until that one has published or ended. Asking again for the same job is harmless.</summary>
    /// <param name="job">Id of the job.</param>
    /// <param name="parent">The version that it starts from or takes its options from: it stays until the job has ended.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The parent.</returns>
    /// <exception cref="ClusteringException">Another job is retraining the model (the message names it), or there is no such version.</exception>
    [Alias("BeginRetraining")]
    Task<ResolvedVersion> BeginRetraining(string job, int parent, CancellationToken cancellation = default);
}

/// <summary>What is to be measured of a new version.</summary>
[GenerateSerializer, Immutable, Alias("oc.GatePlan")]
public sealed record GatePlan
{
    [Id(0)] public required GatePolicy Policy { get; init; }

    /// <summary>The champion; 0: there is none.</summary>
    [Id(1)] public required int Champion { get; init; }

    /// <summary>Content hash of its parameters' blob; empty: there is none.</summary>
    [Id(2)] public required string Parameters { get; init; }

    /// <summary>Name of its algorithm; empty: there is none.</summary>
    [Id(3)] public required string Algorithm { get; init; }
}
