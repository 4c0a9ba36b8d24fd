using System.Collections.Immutable;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>The choice among numbers of clusters.</summary>
public sealed class KMeansSelection : ISelectionFamily
{
    /// <summary>Rows whose silhouettes are taken when nothing else is asked for: the standard error is then at most 0.014.</summary>
    public const int DefaultSilhouetteRows = 5000;

    private readonly KMeansSpec spec;
    private readonly int silhouetteRows;
    private readonly int columns;

    private KMeansSelection(KMeansSpec spec, int largest, SelectionCriterion criterion, int silhouetteRows, int columns)
        => (this.spec, Largest, Criterion, this.silhouetteRows, this.columns) = (spec, largest, criterion, silhouetteRows, columns);

    public int Largest { get; }

    public SelectionCriterion Criterion { get; }

    int ISelectionFamily.Smallest => spec.K;

    int ISelectionFamily.Restarts => spec.Restarts;

    bool ISelectionFamily.ObjectiveRises => false;

    string ISelectionFamily.ObjectiveName => "inertia";

    bool ISelectionFamily.Refits => false;

    /// <summary>A training at its beginning.</summary>
    /// <param name="spec">What to train; its number of clusters is the smallest to try.</param>
    /// <param name="largest">The largest number of clusters, above the smallest.</param>
    /// <param name="criterion">What chooses: one of <see cref="SelectionCriteria.OfKMeans"/>.</param>
    /// <param name="columns">Number of columns of the rows, at least 1.</param>
    /// <param name="silhouetteRows">Rows of the sample whose silhouettes are taken, at least 2.</param>
    /// <exception cref="ArgumentException">The range is empty or too small for the criterion, centres are given, or a value is out of range.</exception>
    public static SelectionTrainer Create(KMeansSpec spec, int largest, SelectionCriterion criterion, int columns, int silhouetteRows = DefaultSilhouetteRows)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (largest <= spec.K)
            throw new ArgumentException($"The numbers of clusters {spec.K}..{largest} are no range: give the smaller one first.", nameof(largest));
        if (!SelectionCriteria.OfKMeans.Contains(criterion))
            throw new ArgumentException($"{criterion.Name()} is no criterion for k-means.", nameof(criterion));
        if (criterion == SelectionCriterion.Elbow && largest - spec.K < 2)
            throw new ArgumentException($"An elbow needs at least three numbers of clusters: {spec.K}..{largest} are two.", nameof(largest));
        if (spec.Init == KMeansInit.Given)
            throw new ArgumentException("Given centres fix the number of clusters: ask for one number, or for another start.", nameof(spec));
        if (silhouetteRows < 2)
            throw new ArgumentException($"The sample for silhouettes has {silhouetteRows} rows: give at least 2.", nameof(silhouetteRows));
        return new SelectionTrainer(new KMeansSelection(spec, largest, criterion, silhouetteRows, columns));
    }

    /// <summary>A training as it was when it was saved.</summary>
    /// <exception cref="InvalidDataException">The bytes are no state of a choice among k-means trainings, or damaged.</exception>
    public static SelectionTrainer Restore(ReadOnlyMemory<byte> state) => SelectionTrainer.Restore(state, Read);

    /// <summary>The outcome of the number chosen, its restart numbered through all; null until the training is done.</summary>
    public static KMeansResult? Result(SelectionTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        return (trainer.Chosen as KMeansTrial)?.Training.Result is { } result ? result with { Restart = trainer.Number(result.Restart) } : null;
    }

    ITrialTrainer ISelectionFamily.Begin(int k, bool refit, ITrialTrainer? before) =>
        new KMeansTrial(new KMeansTrainer(spec.WithK(k), columns, (before as KMeansTrial)?.Training.Survey), columns, silhouetteRows);

    ITrialTrainer ISelectionFamily.Restore(ReadOnlyMemory<byte> saved, bool refit) => KMeansTrial.Restore(saved, columns, silhouetteRows);

    /// <summary>Adds how far each inertia lies below the chord.</summary>
    ImmutableArray<SelectionTrial> ISelectionFamily.Compare(ImmutableArray<SelectionTrial> trials)
    {
        double[] depths = Elbow.Depths([.. trials.Select(trial => trial.K)], [.. trials.Select(trial => trial.Objective)]);
        return [.. trials.Select((trial, i) => trial with { Values = trial.Values.Add(new CriterionValue(SelectionCriterion.Elbow, depths[i])) })];
    }

    void ISelectionFamily.Write(ByteWriter writer)
    {
        writer.Int32(columns);
        spec.Write(writer);
        writer.Int32(Largest);
        writer.Byte((byte)Criterion);
        writer.Int32(silhouetteRows);
    }

    private static KMeansSelection Read(ByteReader reader)
    {
        int columns = reader.Int32();
        return new KMeansSelection(KMeansSpec.Read(reader), reader.Int32(), (SelectionCriterion)reader.Byte(), reader.Int32(), columns);
    }
}
