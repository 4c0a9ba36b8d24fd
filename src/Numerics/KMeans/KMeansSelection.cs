using System.Collections.Immutable;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>The choice among numbers of clusters.</summary>
public sealed class KMeansSelection : ISelectionFamily
{
    /// <summary>Rows whose silhouettes are taken when nothing else is asked for: the standard error is then at most 0.014.</summary>
    public const int DefaultSilhouetteRows = 5000;

    private readonly KMeansSpec _spec;
    private readonly KMeansJudging _judging;
    private readonly int _columns;

    private KMeansSelection(KMeansSpec spec, ImmutableArray<int> numbers, SelectionCriterion criterion, KMeansJudging judging, int columns)
        => (_spec, Numbers, Criterion, _judging, _columns) = (spec, numbers, criterion, judging, columns);

    public ImmutableArray<int> Numbers { get; }

    public SelectionCriterion Criterion { get; }

    int ISelectionFamily.Restarts => _spec.Restarts;

    bool ISelectionFamily.ObjectiveRises => false;

    string ISelectionFamily.ObjectiveName => _spec.ObjectiveName;

    bool ISelectionFamily.Refits => false;

    /// <summary>A training at its beginning, of all numbers from the spec's to a greater one.</summary>
    public static SelectionTrainer Create(KMeansSpec spec, int largest, SelectionCriterion criterion, int columns, int silhouetteRows = DefaultSilhouetteRows)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Create(spec, ClusterNumbers.Range(spec.K, largest), criterion, columns, silhouetteRows);
    }

    /// <summary>A training at its beginning.</summary>
    /// <param name="spec">What to train; its own number of clusters does not matter.</param>
    /// <param name="numbers">The numbers of clusters to try, ascending, at least two.</param>
    /// <param name="criterion">What chooses: one of <see cref="SelectionCriteria.OfKMeans"/>.</param>
    /// <param name="columns">Number of columns of the rows, at least 1.</param>
    /// <param name="silhouetteRows">Rows of the sample whose silhouettes are taken, at least 2.</param>
    /// <param name="weights">What the rows' weights mean to the criteria.</param>
    /// <exception cref="ArgumentException">The numbers are no choice or too few for the criterion, centres are given, or a value is out of range.</exception>
    public static SelectionTrainer Create(
        KMeansSpec spec,
        IReadOnlyList<int> numbers,
        SelectionCriterion criterion,
        int columns,
        int silhouetteRows = DefaultSilhouetteRows,
        WeightMeaning weights = WeightMeaning.Count)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ImmutableArray<int> all = ClusterNumbers.Of(numbers);
        if (!SelectionCriteria.OfKMeans.Contains(criterion))
            throw new ArgumentException($"{criterion.Name()} is no criterion for k-means.", nameof(criterion));
        if (criterion == SelectionCriterion.Elbow && all.Length < 3)
            throw new ArgumentException($"An elbow needs at least three numbers of clusters: {string.Join(" and ", all)} are two.", nameof(numbers));
        if (spec.Init == KMeansInit.Given)
            throw new ArgumentException("Given centres fix the number of clusters: ask for one number, or for another start.", nameof(spec));
        if (silhouetteRows < 2)
            throw new ArgumentException($"The sample for silhouettes has {silhouetteRows} rows: give at least 2.", nameof(silhouetteRows));
        return new SelectionTrainer(new KMeansSelection(spec, all, criterion, new KMeansJudging(silhouetteRows, weights), columns));
    }

    /// <inheritdoc cref="Restore(ReadOnlyMemory{byte}, KMeansGeometry)"/>
    public static SelectionTrainer Restore(ReadOnlyMemory<byte> state) => Restore(state, KMeansGeometry.Euclidean);

    /// <summary>A training as it was when it was saved.</summary>
    /// <param name="state">What it saved.</param>
    /// <param name="geometry">Its trainings'.</param>
    /// <exception cref="InvalidDataException">The bytes are no state of a choice among k-means trainings, or damaged.</exception>
    public static SelectionTrainer Restore(ReadOnlyMemory<byte> state, KMeansGeometry geometry) =>
        SelectionTrainer.Restore(state, (reader, version) => Read(reader, version, geometry));

    /// <summary>The outcome of the number chosen, its restart numbered through all; null until the training is done.</summary>
    public static KMeansResult? Result(SelectionTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        return (trainer.Chosen as KMeansTrial)?.Training.Result is { } result ? result with { Restart = trainer.Number(result.Restart) } : null;
    }

    ITrialTrainer ISelectionFamily.Begin(int k, bool refit, ITrialTrainer? before) =>
        new KMeansTrial(new KMeansTrainer(_spec.WithK(k), _columns, (before as KMeansTrial)?.Training.Survey), _columns, _judging);

    ITrialTrainer ISelectionFamily.Restore(ReadOnlyMemory<byte> saved, bool refit) => KMeansTrial.Restore(saved, _columns, _judging, _spec.Geometry);

    /// <summary>Adds how far each inertia lies below the chord.</summary>
    ImmutableArray<SelectionTrial> ISelectionFamily.Compare(ImmutableArray<SelectionTrial> trials)
    {
        double[] depths = Elbow.Depths([.. trials.Select(trial => trial.K)], [.. trials.Select(trial => trial.Objective)]);
        return [.. trials.Select((trial, i) => trial with { Values = trial.Values.Add(new CriterionValue(SelectionCriterion.Elbow, depths[i])) })];
    }

    void ISelectionFamily.Write(ByteWriter writer)
    {
        writer.Int32(_columns);
        _spec.Write(writer);
        writer.Int32s(Numbers.AsSpan());
        writer.Byte((byte)Criterion);
        writer.Int32(_judging.SilhouetteRows);
        writer.Byte((byte)_judging.Weights);
    }

    private static KMeansSelection Read(ByteReader reader, byte version, KMeansGeometry geometry)
    {
        int columns = reader.Int32();
        KMeansSpec spec = KMeansSpec.Read(reader, geometry);
        ImmutableArray<int> numbers = version == 1 ? ClusterNumbers.Range(spec.K, reader.Int32()) : ClusterNumbers.Of(reader.Int32s());
        return new KMeansSelection(
            spec, numbers, (SelectionCriterion)reader.Byte(),
                new KMeansJudging(reader.Int32(), version == 1 ? WeightMeaning.Count : (WeightMeaning)reader.Byte()), columns);
    }
}
