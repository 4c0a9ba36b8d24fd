using System.Collections.Immutable;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>The choice among numbers of components.</summary>
public sealed class MixtureSelection : ISelectionFamily
{
    private readonly MixtureSpec _spec;
    private readonly int _columns;
    private readonly HoldOut? _holdOut;

    private MixtureSelection(MixtureSpec spec, ImmutableArray<int> numbers, SelectionCriterion criterion, double heldOut, int columns)
    {
        (_spec, Numbers, Criterion, _columns) = (spec, numbers, criterion, columns);
        _holdOut = criterion == SelectionCriterion.HeldOut ? new HoldOut(spec.Seed, heldOut) : null;
    }

    public ImmutableArray<int> Numbers { get; }

    public SelectionCriterion Criterion { get; }

    int ISelectionFamily.Restarts => _spec.Restarts;

    bool ISelectionFamily.ObjectiveRises => true;

    string ISelectionFamily.ObjectiveName => "likelihood";

    bool ISelectionFamily.Refits => _holdOut is not null;

    /// <summary>A training at its beginning, of all numbers from the spec's to a greater one.</summary>
    public static SelectionTrainer Create(MixtureSpec spec, int largest, SelectionCriterion criterion, int columns, double heldOut = 0.2)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Create(spec, ClusterNumbers.Range(spec.K, largest), criterion, columns, heldOut);
    }

    /// <summary>A training at its beginning.</summary>
    /// <param name="spec">What to train; its own number of components does not matter.</param>
    /// <param name="numbers">The numbers of components to try, ascending, at least two.</param>
    /// <param name="criterion">What chooses: one of <see cref="SelectionCriteria.OfMixtures"/>.</param>
    /// <param name="columns">Number of columns of the rows, at least 1.</param>
    /// <param name="heldOut">For <see cref="SelectionCriterion.HeldOut"/>: the share of the rows that is held out of the fits, inside (0, 1).</param>
    /// <exception cref="ArgumentException">The numbers are no choice, means are given, the largest statistic does not fit, or a value is out of
    /// range.</exception>
    public static SelectionTrainer Create(MixtureSpec spec, IReadOnlyList<int> numbers, SelectionCriterion criterion, int columns, double heldOut = 0.2)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ImmutableArray<int> all = ClusterNumbers.Of(numbers);
        if (!SelectionCriteria.OfMixtures.Contains(criterion))
            throw new ArgumentException($"{criterion.Name()} is no criterion for mixtures.", nameof(criterion));
        if (spec.Init is MixtureInit.Given or MixtureInit.Parameters)
            throw new ArgumentException("Given means or parameters fix the number of components: ask for one number, or for another start.", nameof(spec));
        if (!(heldOut > 0 && heldOut < 1))
            throw new ArgumentException($"The share of the rows to hold out is {heldOut}: give a number above 0 and below 1.", nameof(heldOut));
        MixtureSize.Check(spec.Covariance, all[^1], columns, MixtureSize.GreatestStatistic);
        return new SelectionTrainer(new MixtureSelection(spec, all, criterion, heldOut, columns));
    }

    /// <summary>A training as it was when it was saved.</summary>
    /// <exception cref="InvalidDataException">The bytes are no state of a choice among mixtures, or damaged.</exception>
    public static SelectionTrainer Restore(ReadOnlyMemory<byte> state) => SelectionTrainer.Restore(state, Read);

    /// <summary>The outcome of the number chosen, its restart numbered through all; null until the training is done.</summary>
    public static MixtureResult? Result(SelectionTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        return (trainer.Chosen as MixtureTrial)?.Training.Result is { } result ? result with { Restart = trainer.Number(result.Restart) } : null;
    }

    ITrialTrainer ISelectionFamily.Begin(int k, bool refit, ITrialTrainer? before)
    {
        // The last training is on all rows, and those before it were on a part.
        MixtureSurvey? survey = refit ? null : (before as MixtureTrial)?.Training.Found;
        return new MixtureTrial(new MixtureTrainer(_spec with { K = k }, _columns, survey), refit ? null : _holdOut);
    }

    ITrialTrainer ISelectionFamily.Restore(ReadOnlyMemory<byte> saved, bool refit) => MixtureTrial.Restore(saved, refit ? null : _holdOut);

    ImmutableArray<SelectionTrial> ISelectionFamily.Compare(ImmutableArray<SelectionTrial> trials) => trials;

    void ISelectionFamily.Write(ByteWriter writer)
    {
        writer.Int32(_columns);
        _spec.Write(writer);
        writer.Int32s(Numbers.AsSpan());
        writer.Byte((byte)Criterion);
        writer.Double(_holdOut?.Share ?? 0);
    }

    private static MixtureSelection Read(ByteReader reader, byte version)
    {
        int columns = reader.Int32();
        MixtureSpec spec = MixtureSpec.Read(reader, weights: version > 1);
        ImmutableArray<int> numbers = version == 1 ? ClusterNumbers.Range(spec.K, reader.Int32()) : ClusterNumbers.Of(reader.Int32s());
        return new MixtureSelection(spec, numbers, (SelectionCriterion)reader.Byte(), reader.Double(), columns);
    }
}
