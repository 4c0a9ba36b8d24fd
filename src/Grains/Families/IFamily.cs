using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Adaptation;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Training;

namespace OrleansCluster.Families;

/// <summary>
/// A family of models, as all that the grains know of it: how a training begins, goes on and ends, what its models are, and what can be said and asked of them.
/// A family is a folder of this name on every floor, and one line in <see cref="FamilyRegistry"/>.
/// </summary>
public interface IFamily : IPass
{
    /// <summary>What it is to those who ask for trainings: its name, its options, what things are called.</summary>
    FamilyDescription Description { get; }

    /// <summary>What can be asked of its models, see <see cref="CapabilityNames"/>.</summary>
    ImmutableArray<string> Capabilities { get; }

    /// <summary>Options of a training that a silo rehearses while it starts.</summary>
    ITrainingOptions Typical => Description.Defaults;

    /// <summary>Numbers of columns that are worth rehearsing, because other code serves them.</summary>
    /// <param name="k">Number of clusters that is rehearsed.</param>
    ImmutableArray<int> RehearsedColumns(int k) => [4];

    /// <summary>A run from its beginning.</summary>
    /// <param name="options">Options of this family.</param>
    /// <param name="manifest">The rows.</param>
    /// <exception cref="ClusteringException">The options are wrong, or do not fit the rows.</exception>
    ITrainer Create(ITrainingOptions options, DatasetManifest manifest);

    /// <summary>Why sparse rows cannot be trained on, and what to do; null: they can.</summary>
    /// <param name="options">What is asked for.</param>
    string? RefusesSparse(ITrainingOptions options) => $"A {Description.Title} is trained on dense rows: import these with --dense.";

    /// <summary>Distinct rows of positive weight without which such a run can only fail; 0: it makes do with fewer.</summary>
    int NeededRows(ITrainingOptions options) => 0;

    /// <summary>What such a training needs besides its rows; null: that is not known.</summary>
    /// <param name="options">What is asked for; its number of clusters does not matter.</param>
    /// <param name="k">Number of clusters.</param>
    /// <param name="columns">Number of columns.</param>
    TrainingNeeds? Needs(ITrainingOptions options, int k, int columns) => null;

    /// <summary>What such a training needs besides its rows when those are sparse; null: that is not known, or it takes none.</summary>
    /// <param name="options">What is asked for; its number of clusters does not matter.</param>
    /// <param name="k">Number of clusters.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="entries">Values of a row that are not 0, on average.</param>
    TrainingNeeds? SparseNeeds(ITrainingOptions options, int k, int columns, double entries) => null;

    /// <summary>Whether columns of greater numbers count for more.</summary>
    /// <param name="options">What is asked for.</param>
    bool ComparesScales(ITrainingOptions options) => false;

    /// <summary>A run that starts from the parameters of a version, with as many clusters as that has.</summary>
    /// <param name="options">What is asked for; how it says to start does not matter.</param>
    /// <param name="manifest">The rows.</param>
    /// <param name="parameters">Parameters of this family, as they lie in the blob store.</param>
    /// <exception cref="ClusteringException">The options are wrong, or options or parameters do not fit the rows.</exception>
    ITrainer Continue(ITrainingOptions options, DatasetManifest manifest, ReadOnlyMemory<byte> parameters);

    /// <summary>Parameters to continue from where clusters have become one or two.</summary>
    /// <param name="parameters">Parameters of this family, as they lie in the blob store.</param>
    /// <param name="clusters">What the clusters have become.</param>
    /// <param name="rows">The rows that this was seen on.</param>
    /// <exception cref="ClusteringException">Models of this family cannot be adapted.</exception>
    ReadOnlyMemory<byte> Adapt(ReadOnlyMemory<byte> parameters, ImmutableArray<AdaptedCluster> clusters, RowBlock rows) =>
        throw new ClusteringException($"A {Description.Title} cannot be adapted: retrain it without, or afresh.");

    /// <summary>A run as it was saved.</summary>
    ITrainer Restore(ReadOnlyMemory<byte> saved);

    /// <summary>A short run like one that is asked for, from any start.</summary>
    /// <param name="options">What is asked for; its number of clusters and given starts do not matter.</param>
    /// <param name="k">Number of clusters.</param>
    /// <param name="columns">Number of columns of the rows.</param>
    ITrainer Rehearse(ITrainingOptions options, int k, int columns);

    /// <summary>What a run that is done has found.</summary>
    /// <param name="trainer">The run.</param>
    /// <param name="options">What was asked for.</param>
    TrainingOutcome Finish(ITrainer trainer, ITrainingOptions options);

    /// <summary>A result that flags rows by the threshold of an earlier version, of a family whose models have one.</summary>
    /// <param name="outcome">The result.</param>
    /// <param name="parameters">The earlier version's parameters, as they lie in the blob store.</param>
    TrainingOutcome KeepThreshold(TrainingOutcome outcome, ReadOnlyMemory<byte> parameters) => outcome;

    /// <summary>What follows from the rest of a report, for people who want to know why.</summary>
    ImmutableArray<Particulars> Tell(TrainingReport report) => [];

    /// <summary>Whether parameters are of this family: by the letters that they begin with.</summary>
    bool Owns(ReadOnlySpan<byte> parameters);

    /// <summary>A model as it lies in the blob store.</summary>
    /// <exception cref="InvalidDataException">The bytes are no model of this family, or damaged.</exception>
    IModel Decode(ReadOnlyMemory<byte> parameters);

    /// <summary>What makes clusters of two versions of this family alike.</summary>
    AlignmentCost CostBetween(TrainingReport before, TrainingReport after) => AlignmentCost.CentroidDistance;
}
