using System.Collections.Immutable;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Models;

/// <summary>What a model grain remembers: names of blobs, not their content.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelState")]
public sealed record ModelState
{
    /// <summary>Version n is at index n − 1.</summary>
    [Id(0)] public ImmutableArray<ModelVersionEntry> Versions { get; init; } = [];

    /// <summary>Counts publications and changes. Each is one event of the audit trail.</summary>
    [Id(1)] public long Revision { get; init; }

    /// <summary>By name.</summary>
    [Id(2)] public ImmutableArray<ModelAlias> Aliases { get; init; } = [];

    [Id(3)] public string Description { get; init; } = "";

    /// <summary>By key.</summary>
    [Id(4)] public ImmutableArray<ModelTag> Tags { get; init; } = [];

    /// <summary>The stable id of the next cluster that is born. It never falls, so that no id is ever given twice.</summary>
    [Id(5)] public int NextCluster { get; init; }

    /// <summary>Content hash of the blob of anchor rows; empty: there are none.</summary>
    [Id(6)] public string Anchors { get; init; } = "";

    /// <summary>By stable id.</summary>
    [Id(7)] public ImmutableArray<ClusterNote> Clusters { get; init; } = [];

    /// <summary>The newest events, oldest first.</summary>
    [Id(8)] public ImmutableArray<ModelEvent> Events { get; init; } = [];

    /// <summary>Content hash of the blob with the events before those; empty: there are none.</summary>
    [Id(9)] public string Archive { get; init; } = "";

    /// <summary>Versions that were pruned, whose blobs may not all be gone yet.</summary>
    [Id(10)] public ImmutableArray<int> Collecting { get; init; } = [];

    /// <summary>Who answers the bare name; null: the champion, or the newest version.</summary>
    [Id(11)] public ModelRoute? Route { get; init; }

    /// <summary>Number of the newest route that there was.</summary>
    [Id(12)] public int Routes { get; init; }

    /// <summary>What new versions are judged by; null: nothing.</summary>
    [Id(13)] public GatePolicy? Policy { get; init; }

    /// <summary>Who retrains the model; null: nobody. It may have ended without saying so.</summary>
    [Id(14)] public RetrainingLease? Retraining { get; init; }

    /// <summary>The columns of every version, in order; empty: the newest report has them.</summary>
    [Id(15)] public ImmutableArray<string> Columns { get; init; } = [];
}

/// <summary>One version as remembered. What it was trained to never changes; tags and description may, and at last its blobs may go.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelVersionEntry")]
public sealed record ModelVersionEntry
{
    /// <summary>The job that published it.</summary>
    [Id(0)] public string Job { get; init; } = "";

    /// <summary>Content hash of the parameters' blob.</summary>
    [Id(1)] public string Parameters { get; init; } = "";

    /// <summary>Content hash of the report's blob.</summary>
    [Id(2)] public string Report { get; init; } = "";

    [Id(3)] public DateTimeOffset Created { get; init; }

    /// <summary>The version that its clusters were aligned with; 0: none.</summary>
    [Id(4)] public int Parent { get; init; }

    /// <summary>Content hash of the alignment's blob; empty: cluster i has the id i.</summary>
    [Id(5)] public string Alignment { get; init; } = "";

    [Id(6)] public string By { get; init; } = "";

    /// <summary>By key.</summary>
    [Id(7)] public ImmutableArray<ModelTag> Tags { get; init; } = [];

    [Id(8)] public string Description { get; init; } = "";

    /// <summary>When its parameters were let go of; null: it has them.</summary>
    [Id(9)] public DateTimeOffset? Pruned { get; init; }

    /// <summary>Content hash of the package's blob; empty: there was none yet when the version was published.</summary>
    [Id(10)] public string Package { get; init; } = "";

    /// <summary>What its report says, shortly; null: only the report says it.</summary>
    [Id(11)] public VersionFacts? Facts { get; init; }

    /// <summary>When it was deleted; null: it was not. Its number is not given again.</summary>
    [Id(12)] public DateTimeOffset? Deleted { get; init; }
}

/// <summary>The job that may retrain a model until it has ended.</summary>
[GenerateSerializer, Immutable, Alias("oc.RetrainingLease")]
public sealed record RetrainingLease
{
    [Id(0)] public required string Job { get; init; }

    /// <summary>The version that it starts from.</summary>
    [Id(1)] public required int Parent { get; init; }

    [Id(2)] public required DateTimeOffset Since { get; init; }
}
