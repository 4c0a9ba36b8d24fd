using System.Collections.Immutable;

namespace OrleansCluster.Client;

/// <summary>Something that needs the rows of a dataset's version.</summary>
/// <param name="Kind"><c>model</c>: a version that was trained on them; <c>job</c>: one that has not ended.</param>
/// <param name="Name">Name of the model, or id of the job.</param>
/// <param name="Version">Of a model: its version; of a job: 0.</param>
/// <param name="DatasetVersion">The version of the dataset.</param>
public sealed record DatasetUse(string Kind, string Name, int Version, int DatasetVersion)
{
    /// <summary>In words: <c>model m version 3 was trained on version 1</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        Kind == "model" ? (FormattableString)$"model {Name} version {Version} was trained on version {DatasetVersion}"
            : $"job {Name} reads version {DatasetVersion}");
}

/// <summary>What became of a dataset.</summary>
/// <param name="Versions">The versions that were deleted.</param>
/// <param name="Lost">What needed them.</param>
public sealed record DatasetDeletion(ImmutableArray<int> Versions, ImmutableArray<DatasetUse> Lost);
