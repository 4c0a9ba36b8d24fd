using System.Collections.Immutable;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Selection;

/// <summary>
/// Trains models of several numbers of clusters, one after the other over the same workers, judges each, and keeps the one that a criterion prefers;
/// of equal ones the smallest. A number that cannot be trained is left out. Restarts are numbered on through all of them.
/// </summary>
public sealed class SelectionTrainer : ITrainer
{
    private const string Magic = "OCSE";
    private const byte Version = 3;

    private readonly ISelectionFamily family;
    private readonly SortedList<int, ITrialTrainer> kept = [];
    private ImmutableArray<SelectionTrial> trials = [];
    private ITrialTrainer current;
    private bool refitting;

    /// <summary>Trainings on all rows that failed, so that another number was chosen.</summary>
    private int lostRefits;
    private bool done;

    /// <summary>Warnings that need not be told again.</summary>
    private readonly SortedSet<string> told = new(StringComparer.Ordinal);

    /// <summary>What is true of several numbers, with these; told when all are tried.</summary>
    private readonly SortedDictionary<string, SortedSet<int>> shared = new(StringComparer.Ordinal);

    internal SelectionTrainer(ISelectionFamily family)
    {
        this.family = family;
        current = family.Begin(family.Numbers[0], refit: false, before: null);
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
                if (happened is not TrainingWarning warning)
                    events.Add(happened with { Restart = Number(happened.Restart) });
                else if (warning.Scope == TrainingScope.MoreClusters)
                    Share(warning.Message);
                else if (warning.Scope != TrainingScope.Rows)
                    events.Add(warning with { Restart = Number(warning.Restart), Message = $"k = {current.K}: {warning.Message}" });
                else if (told.Add(warning.Message))
                    events.Add(warning with { Restart = Number(warning.Restart) });
            }
        }
        catch (TrainingException failed) when (failed.Scope != TrainingScope.Rows)
        {
            LeaveOut(failed, events);
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
    internal int Number(int start)
    {
        int place = refitting ? family.Numbers.Length + lostRefits : family.Numbers.BinarySearch(done ? kept.Values[0].K : current.K);
        return (place * family.Restarts) + start;
    }

    /// <inheritdoc/>
    public byte[] Save()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        family.Write(writer);
        writer.Boolean(done);
        writer.Boolean(refitting);
        writer.Int32(lostRefits);
        writer.Int32(told.Count);
        foreach (string warning in told)
            writer.String(warning);
        writer.Int32(shared.Count);
        foreach ((string warning, SortedSet<int> numbers) in shared)
        {
            writer.String(warning);
            writer.Int32(numbers.Count);
            foreach (int k in numbers)
                writer.Int32(k);
        }

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
    /// <param name="state">What <see cref="Save"/> returned, here or in an earlier build.</param>
    /// <param name="read">Reads the family as it was written by a version of the format.</param>
    internal static SelectionTrainer Restore(ReadOnlyMemory<byte> state, Func<ByteReader, byte, ISelectionFamily> read)
    {
        var reader = new ByteReader(state);
        byte version = reader.Header(Magic, Version);
        ISelectionFamily family = read(reader, version);
        (bool done, bool refitting) = (reader.Boolean(), reader.Boolean());
        int lostRefits = version > 1 ? reader.Int32() : 0;
        string[] told = new string[version > 1 ? reader.Length(4) : 0];
        for (int i = 0; i < told.Length; i++)
            told[i] = reader.String();
        var shared = new List<(string, int[])>();
        for (int left = version > 2 ? reader.Length(8) : 0; left > 0; left--)
        {
            string warning = reader.String();
            var numbers = new int[reader.Length(4)];
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = reader.Int32();
            shared.Add((warning, numbers));
        }

        var trials = ImmutableArray.CreateBuilder<SelectionTrial>();
        for (int left = reader.Length(20); left > 0; left--)
            trials.Add(SelectionTrial.Read(reader));
        var trainer = new SelectionTrainer(family, family.Restore(reader.Bytes(), refitting))
        {
            done = done,
            refitting = refitting,
            lostRefits = lostRefits,
            trials = trials.ToImmutable(),
        };
        trainer.told.UnionWith(told);
        foreach ((string warning, int[] numbers) in shared)
            trainer.shared[warning] = [.. numbers];
        for (int left = reader.Length(8); left > 0; left--)
        {
            int index = reader.Int32();
            if (index < 0 || index >= trials.Count || !trainer.kept.TryAdd(index, family.Restore(reader.Bytes(), refit: false)))
                throw new InvalidDataException("The state of a choice among numbers of clusters is damaged: it names a trial that is not there.");
        }

        reader.End();
        return trainer;
    }

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
        int next = family.Numbers.BinarySearch(current.K) + 1;
        if (next < family.Numbers.Length)
            current = family.Begin(family.Numbers[next], refit: false, current);
        else
            Choose(events);
    }

    private void Choose(List<TrainingEvent> events)
    {
        foreach ((string warning, SortedSet<int> numbers) in shared)
            events.Add(new TrainingWarning(Restart, $"k = {List([.. numbers])}: {warning}"));
        trials = family.Compare(trials);
        int chosen = SelectionTrial.Choose(trials, family.Criterion);
        if (chosen < 0)
        {
            throw new TrainingException(
                $"{family.Criterion.Name()} cannot choose among k = {Numbers()}: it has no value for any of them. Try {(family.Numbers.Length < 3 ? "more" : "other")} numbers, or another criterion.");
        }

        Keep(chosen);
        Disagreement(events);
        if (family.Refits)
            Refit(chosen);
        else
            done = true;
    }

    private void Refit(int chosen)
    {
        current = family.Begin(trials[chosen].K, refit: true, current);
        refitting = true;
        kept.Clear();
    }

    /// <summary>A number could not be trained, or the chosen one not on all rows: those that are left are chosen among.</summary>
    private void LeaveOut(TrainingException failed, List<TrainingEvent> events)
    {
        bool more = failed.Scope == TrainingScope.MoreClusters && !refitting && current.K < family.Numbers[^1];
        string which = $"k = {current.K}{(more ? " and more are" : " is")} left out{(refitting ? " after all" : "")}: ";
        if (refitting)
        {
            trials = trials.RemoveAll(trial => trial.K == current.K);
            lostRefits++;
        }

        bool last = refitting || more || current.K == family.Numbers[^1];
        if (last && trials.IsEmpty)
            throw family.Numbers.Length > 1 ? new TrainingException($"None of k = {Numbers()} can be trained. k = {current.K}: {failed.Message}") : failed;
        events.Add(new TrainingWarning(Restart, which + failed.Message));
        if (refitting)
            Refit(SelectionTrial.Choose(trials, family.Criterion));
        else if (more)
            Choose(events);
        else
            GoOn(events);
    }

    private void Share(string warning)
    {
        if (!shared.TryGetValue(warning, out SortedSet<int>? numbers))
            shared.Add(warning, numbers = []);
        numbers.Add(current.K);
    }

    private string Numbers() => List(family.Numbers);

    /// <summary>"2..5" or "2, 4, 8".</summary>
    private static string List(ImmutableArray<int> numbers) =>
        numbers.Length > 2 && numbers[^1] - numbers[0] == numbers.Length - 1 ? $"{numbers[0]}..{numbers[^1]}" : string.Join(", ", numbers);

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
