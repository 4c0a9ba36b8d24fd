using System.Collections.Immutable;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Selection;

/// <summary>
/// Trains models of every number of clusters in a range, one after the other over the same workers, judges each, and keeps the one that a criterion prefers;
/// of equal ones the smallest. Restarts are numbered on through all of them.
/// </summary>
public sealed class SelectionTrainer : ITrainer
{
    private const string Magic = "OCSE";
    private const byte Version = 1;

    private readonly ISelectionFamily family;
    private readonly SortedList<int, ITrialTrainer> kept = [];
    private ImmutableArray<SelectionTrial> trials = [];
    private ITrialTrainer current;
    private bool refitting;
    private bool done;

    internal SelectionTrainer(ISelectionFamily family)
    {
        if (family.Largest <= family.Smallest)
            throw new ArgumentException($"The numbers of clusters {family.Smallest}..{family.Largest} are no range: give the smaller one first.", nameof(family));
        this.family = family;
        current = family.Begin(family.Smallest, refit: false, before: null);
    }

    private SelectionTrainer(ISelectionFamily family, ITrialTrainer current) => (this.family, this.current) = (family, current);

    public string Algorithm => current.Algorithm;

    public StatisticKinds Statistics => current.Statistics;

    public string Phase => done ? "done" : current.Phase;

    public int Restart => Number(current.Restart);

    public int Iteration => current.Iteration;

    public EncodedStep? Next => done ? null : current.Next;

    /// <summary>Every number that was tried, ascending. The criteria that look at all of them are there when the training is done.</summary>
    public ImmutableArray<SelectionTrial> Trials => trials;

    public SelectionCriterion Criterion => family.Criterion;

    /// <summary>The training whose outcome is the result; null until it is known.</summary>
    internal ITrialTrainer? Chosen => !done ? null : refitting ? current : kept.Values[0];

    /// <inheritdoc/>
    public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel)
    {
        if (done)
            throw new InvalidOperationException("The training is done; there is nothing to advance.");
        var events = new List<TrainingEvent>();
        try
        {
            foreach (TrainingEvent happened in current.Advance(statistic, parallel))
            {
                events.Add(happened is TrainingWarning warning
                    ? new TrainingWarning(Number(warning.Restart), $"k = {current.K}: {warning.Message}")
                    : happened with { Restart = Number(happened.Restart) });
            }
        }
        catch (TrainingException failed) when (!refitting && (current.K < family.Largest || trials.Length > 0))
        {
            events.Add(new TrainingWarning(Restart, $"k = {current.K} is left out: {failed.Message}"));
            GoOn(events);
            return events;
        }

        if (refitting)
        {
            done = current.Next is null;
        }
        else if (current.Trial is { } trial)
        {
            Take(trial, events);
            GoOn(events);
        }

        return events;
    }

    /// <summary>A restart's number among those of all numbers of clusters: its own of the chosen training.</summary>
    internal int Number(int start) => Number(refitting ? family.Largest + 1 : done ? kept.Values[0].K : current.K, start);

    /// <inheritdoc/>
    public byte[] Save()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        family.Write(writer);
        writer.Boolean(done);
        writer.Boolean(refitting);
        writer.Int32(trials.Length);
        foreach (SelectionTrial trial in trials)
            trial.Write(writer);
        writer.Bytes(current.Save());
        writer.Int32(kept.Count);
        foreach ((int index, ITrialTrainer trainer) in kept)
        {
            writer.Int32(index);
            writer.Bytes(trainer.Save());
        }

        return writer.ToArray();
    }

    /// <summary>Whether bytes are what <see cref="Save"/> returned, and not the state of a training of one number.</summary>
    public static bool Is(ReadOnlySpan<byte> state) => state.StartsWith("OCSE"u8);

    /// <summary>A training as it was when it was saved.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such state, or damaged.</exception>
    internal static SelectionTrainer Restore(ReadOnlyMemory<byte> state, Func<ByteReader, ISelectionFamily> read)
    {
        var reader = new ByteReader(state);
        reader.Header(Magic, Version);
        ISelectionFamily family = read(reader);
        (bool done, bool refitting) = (reader.Boolean(), reader.Boolean());
        var trials = ImmutableArray.CreateBuilder<SelectionTrial>();
        for (int left = reader.Length(20); left > 0; left--)
            trials.Add(SelectionTrial.Read(reader));
        var trainer = new SelectionTrainer(family, family.Restore(reader.Bytes(), refitting)) { done = done, refitting = refitting, trials = trials.ToImmutable() };
        for (int left = reader.Length(8); left > 0; left--)
        {
            int index = reader.Int32();
            if (index < 0 || index >= trials.Count || !trainer.kept.TryAdd(index, family.Restore(reader.Bytes(), refit: false)))
                throw new InvalidDataException("The state of a choice among numbers of clusters is damaged: it names a trial that is not there.");
        }

        reader.End();
        return trainer;
    }

    private int Number(int k, int start) => ((k - family.Smallest) * family.Restarts) + start;

    private void Take(SelectionTrial trial, List<TrainingEvent> events)
    {
        // A model contains those of fewer clusters: one that fits worse did not find its way.
        if (trials.FirstOrDefault(fewer => family.ObjectiveRises ? fewer.Objective > trial.Objective : fewer.Objective < trial.Objective) is { } better)
        {
            events.Add(new TrainingWarning(
                Restart,
                $"The starts of k = {trial.K} got stuck: its {family.ObjectiveName} is {(family.ObjectiveRises ? "less" : "greater")} than that of k = {better.K}. Use more restarts."));
        }

        trials = trials.Add(trial);
        kept.Add(trials.Length - 1, current);
        if (family.Criterion != SelectionCriterion.Elbow)
            Keep(SelectionTrial.Choose(trials, family.Criterion));
    }

    /// <summary>Lets go of all trainings but one.</summary>
    private void Keep(int index)
    {
        foreach (int other in kept.Keys.Where(other => other != index).ToArray())
            kept.Remove(other);
    }

    private void GoOn(List<TrainingEvent> events)
    {
        if (current.K < family.Largest)
        {
            current = family.Begin(current.K + 1, refit: false, current);
            return;
        }

        trials = family.Compare(trials);
        int chosen = SelectionTrial.Choose(trials, family.Criterion);
        if (chosen < 0)
        {
            throw new TrainingException(
                $"{family.Criterion.Name()} cannot choose among {family.Smallest}..{family.Largest}: it has no value for any of them. Try a wider range, or another criterion.");
        }

        Keep(chosen);
        Disagreement(events);
        if (family.Refits)
        {
            current = family.Begin(trials[chosen].K, refit: true, current);
            refitting = true;
            kept.Clear();
        }
        else
        {
            done = true;
        }
    }

    private void Disagreement(List<TrainingEvent> events)
    {
        (SelectionCriterion Criterion, int Index)[] choices =
        [
            .. trials[0].Values.Select(value => (value.Criterion, SelectionTrial.Choose(trials, value.Criterion))).Where(choice => choice.Item2 >= 0),
        ];
        if (choices.DistinctBy(choice => choice.Index).Count() > 1)
            events.Add(new TrainingWarning(Restart, $"The criteria disagree: {string.Join(", ", choices.Select(choice => $"{choice.Criterion.Name()} chooses k = {trials[choice.Index].K}"))}."));
    }
}
