using System.Collections.Immutable;
using OrleansCluster.Training;

namespace OrleansCluster.Models;

/// <summary>Owns the versions of one model; key: <c>tenant/name</c>.</summary>
[Alias("oc.IModelGrain")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Publishes the next version. Idempotent by job: asking again answers the version that the job published.</summary>
    [Alias("Publish")]
    Task<ModelVersion> Publish(ModelPublication publication, CancellationToken cancellation = default);

    /// <summary>Version <paramref name="version"/>, or the newest when 0; null when there is none.</summary>
    [Alias("Get")]
    Task<ModelVersion?> Get(int version, CancellationToken cancellation = default);

    /// <summary>The version that a job published; null when it published none.</summary>
    [Alias("FindByJob")]
    Task<ModelVersion?> FindByJob(string job, CancellationToken cancellation = default);

    /// <summary>All versions, oldest first, without the iterations of their reports.</summary>
    [Alias("Versions")]
    Task<ImmutableArray<ModelVersion>> Versions(CancellationToken cancellation = default);

    /// <summary>Number and parameters' hash of a version, or of the newest when 0: all that serving needs; null when there is none.</summary>
    [Alias("Resolve")]
    Task<ResolvedVersion?> Resolve(int version, CancellationToken cancellation = default);

    /// <summary>The parameters of a version, or of the newest when 0; null when there is none.</summary>
    [Alias("Parameters")]
    Task<ModelParameters?> Parameters(int version, CancellationToken cancellation = default);
}

/// <summary>A trained result that is to become a version.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelPublication")]
public sealed record ModelPublication
{
    /// <summary>The training; its version is filled in by the model.</summary>
    [Id(0)] public required TrainingReport Report { get; init; }

    /// <summary>Content hash of the parameters' blob, which must be in the blob store already.</summary>
    [Id(1)] public required string Parameters { get; init; }
}

/// <summary>Which version a question is answered by.</summary>
[GenerateSerializer, Immutable, Alias("oc.ResolvedVersion")]
public sealed record ResolvedVersion
{
    [Id(0)] public required int Version { get; init; }

    /// <summary>Content hash of the parameters' blob.</summary>
    [Id(1)] public required string Parameters { get; init; }
}
