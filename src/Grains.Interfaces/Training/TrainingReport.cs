using System.Collections.Immutable;
using OrleansCluster.Families;
using OrleansCluster.Models.Gates;

namespace OrleansCluster.Training;

/// <summary>One iteration of a training.</summary>
[GenerateSerializer, Immutable, Alias("oc.IterationRecord")]
public sealed record IterationRecord
{
    [Id(0)] public required int Restart { get; init; }

    /// <summary>From 1.</summary>
    [Id(1)] public required int Iteration { get; init; }

    /// <summary>Of the parameters that the iteration started from.</summary>
    [Id(2)] public required double Objective { get; init; }

    /// <summary>Sum of the squared moves of all centres.</summary>
    [Id(3)] public required double Shift { get; init; }

    /// <summary>Rows whose label changed.</summary>
    [Id(4)] public required long Moved { get; init; }

    /// <summary>Distances evaluated.</summary>
    [Id(5)] public required long Distances { get; init; }

    [Id(6)] public required double Seconds { get; init; }
}

/// <summary>A column of rows before they are prepared.</summary>
[GenerateSerializer, Immutable, Alias("oc.InputColumn")]
public sealed record InputColumn
{
    [Id(0)] public required string Name { get; init; }

    /// <summary><c>number</c>, <c>category</c>, <c>boolean</c> or <c>datetime</c>.</summary>
    [Id(1)] public required string Type { get; init; }
}

/// <summary>One restart of a training.</summary>
[GenerateSerializer, Immutable, Alias("oc.RestartRecord")]
public sealed record RestartRecord
{
    [Id(0)] public required int Restart { get; init; }

    [Id(1)] public required int Iterations { get; init; }

    /// <summary>NaN when it failed.</summary>
    [Id(2)] public required double Objective { get; init; }

    /// <summary><c>converged</c>, <c>tolerance</c>, <c>max-iterations</c> or <c>failed</c>.</summary>
    [Id(3)] public required string Stop { get; init; }
}

/// <summary>One cluster of a trained model.</summary>
[GenerateSerializer, Immutable, Alias("oc.ClusterRecord")]
public sealed record ClusterRecord
{
    /// <summary>Its stable id, once the model is published. Its row in the parameters is its place in the report.</summary>
    [Id(0)] public required int Label { get; init; }

    /// <summary>Rows (those of weight zero too).</summary>
    [Id(1)] public required long Size { get; init; }

    [Id(2)] public required double Weight { get; init; }

    /// <summary>Root of the weighted mean squared distance to the centre.</summary>
    [Id(3)] public required double Spread { get; init; }
}

/// <summary>What a finished training says of itself.</summary>
[GenerateSerializer, Immutable, Alias("oc.TrainingReport")]
public sealed partial record TrainingReport
{
    [Id(0)] public required string Job { get; init; }

    [Id(1)] public required string Model { get; init; }

    [Id(2)] public required int Version { get; init; }

    [Id(3)] public required string Dataset { get; init; }

    [Id(4)] public required int DatasetVersion { get; init; }

    [Id(5)] public required long Rows { get; init; }

    [Id(6)] public required ImmutableArray<string> Columns { get; init; }

    // 7 and 24 were what was told of the two families that there were.

    /// <summary>Clusters in the result: fewer than asked for when some were dropped or rows had fewer distinct values.</summary>
    [Id(8)] public required int K { get; init; }

    [Id(9)] public required int Threads { get; init; }

    [Id(10)] public required string Stop { get; init; }

    /// <summary>Of the final parameters, on all rows.</summary>
    [Id(11)] public required double Objective { get; init; }

    [Id(12)] public required string ObjectiveName { get; init; }

    /// <summary>The iterations of the best restart.</summary>
    [Id(13)] public required ImmutableArray<IterationRecord> Iterations { get; init; }

    [Id(14)] public required ImmutableArray<RestartRecord> Restarts { get; init; }

    /// <summary>The clusters, in the order of the parameters; each tells its stable id.</summary>
    [Id(15)] public required ImmutableArray<ClusterRecord> Clusters { get; init; }

    [Id(16)] public required ImmutableArray<string> Warnings { get; init; }

    [Id(17)] public required double InitSeconds { get; init; }

    [Id(18)] public required double IterateSeconds { get; init; }

    [Id(19)] public required double TotalSeconds { get; init; }

    [Id(20)] public required long MemoryPeakBytes { get; init; }

    /// <summary>SHA-256 of the parameters' canonical encoding, lower-case hex.</summary>
    [Id(21)] public required string Digest { get; init; }

    /// <summary>Version of the code that trained.</summary>
    [Id(22)] public required string Code { get; init; }

    /// <summary>How often the job was resumed after an interruption.</summary>
    [Id(23)] public int Resumed { get; init; }

    /// <summary>Every number of clusters that was tried, and what the criteria say of the best of its starts; empty when only one was asked for.</summary>
    [Id(25)] public ImmutableArray<TrialRecord> Selection { get; init; } = [];

    /// <summary>What the model's policy made of the version; null: it had none.</summary>
    [Id(26)] public GateReport? Gate { get; init; }

    /// <summary>Whether it retrained its model, and where that started; the parent is the version's.</summary>
    [Id(27)] public RetrainingKind Retraining { get; init; }
    /// <summary>
    /// The number of rows n that the weights stand for in criteria: their sum, or the effective sample size of relative ones. NaN where no criterion needs
    /// it, and in versions that are older than this.
    /// </summary>
    [Id(28)] public double SampleSize { get; init; } = double.NaN;

    /// <summary>What was asked for, without rows to start from.</summary>
    [Id(29)] public required ITrainingOptions Options { get; init; }

    /// <summary>What it is a model of.</summary>
    [Id(30)] public FamilyInfo Family { get; init; } = new();

    /// <summary>What the family tells of the training.</summary>
    [Id(31)] public ImmutableArray<Measure> Measures { get; init; } = [];

    /// <summary>What the family tells of each cluster.</summary>
    [Id(32)] public ImmutableArray<PartMeasure> PartMeasures { get; init; } = [];

    /// <summary>What follows from the rest of the report, as the family says it.</summary>
    [Id(33)] public ImmutableArray<Particulars> Particulars { get; init; } = [];

    /// <summary>
    /// The columns of the rows before they were prepared, which whoever asks the model gives; empty: rows are not prepared, and <see cref="Columns"/> are
    /// these.
    /// </summary>
    [Id(34)] public ImmutableArray<InputColumn> Inputs { get; init; } = [];

    /// <summary>The preparation as it was asked for, see <see cref="TrainingRequest.Preparation"/>.</summary>
    [Id(35)] public string Preparation { get; init; } = "";

    /// <summary>What each step of the preparation does, for people.</summary>
    [Id(36)] public ImmutableArray<string> PreparationSteps { get; init; } = [];

    /// <summary>Names of the columns that rows must have to be asked about.</summary>
    public ImmutableArray<string> AskedColumns() => Inputs.IsDefaultOrEmpty ? Columns : [.. Inputs.Select(input => input.Name)];

    /// <summary>The types of those columns, where rows are prepared; else empty.</summary>
    public ImmutableArray<string> AskedTypes() => Inputs.IsDefaultOrEmpty ? [] : [.. Inputs.Select(input => input.Type)];

    /// <summary>What people call the objective.</summary>
    public string ObjectiveTitle() => Family.Objective.Length > 0 ? Family.Objective : ObjectiveName;

    /// <summary>A measure of the family; null: it has none of this name.</summary>
    public double? Measured(string name) => Measures.FirstOrDefault(measure => measure.Name == name)?.Value;
}
