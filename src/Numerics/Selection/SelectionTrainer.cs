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

    private readonly ISelectionFamily _family;
    private readonly SortedList<int, ITrialTrainer> _kept = [];
    private ImmutableArray<SelectionTrial> _trials = [];
    private ITrialTrainer _current;
    private bool _refitting;

    /// <summary>Trainings on all rows that failed, so that another number was chosen.</summary>
    private int _lostRefits;
    private bool _done;

    /// <summary>Warnings that need not be told again.</summary>
    private readonly SortedSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>What is true of several numbers, with these; told when all are tried.</summary>
    private readonly SortedDictionary<string, SortedSet<int>> _shared = new(StringComparer.Ordinal);

    internal SelectionTrainer(ISelectionFamily family)
    {
        _family = family;
        _current = family.Begin(family.Numbers[0], refit: false, before: null);
    }

    private SelectionTrainer(ISelectionFamily family, ITrialTrainer current) => (_family, _current) = (family, current);

    public string Algorithm => _current.Algorithm;

    public StatisticKinds Statistics => _current.Statistics;

    public string Phase => _done ? "done" : _current.Phase;

    public int Restart => Number(_current.Restart);

    public int Iteration => _current.Iteration;

    public EncodedStep? Next => _done ? null : _current.Next;

    /// <summary>Every number that was tried, ascending. The criteria that look at all of them are there when the training is done.</summary>
    public ImmutableArray<SelectionTrial> Trials => _trials;

    public SelectionCriterion Criterion => _family.Criterion;

    /// <summary>The training whose outcome is the result; null until it is known.</summary>
    internal ITrialTrainer? Chosen => !_done ? null : _refitting ? _current : _kept.Values[0];

    /// <inheritdoc/>
    public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel)
    {
        if (_done)
            throw new InvalidOperationException("The training is done; there is nothing to advance.");
        var events = new List<TrainingEvent>();
        try
        {
            foreach (TrainingEvent happened in _current.Advance(statistic, parallel))
            {
                if (happened is not TrainingWarning warning)
                    events.Add(happened with { Restart = Number(happened.Restart) });
                else if (warning.Scope == TrainingScope.MoreClusters)
                    Share(warning.Message);
                else if (warning.Scope != TrainingScope.Rows)
                    events.Add(warning with { Restart = Number(warning.Restart), Message = $"k = {_current.K}: {warning.Message}" });
                else if (_told.Add(warning.Message))
                    events.Add(warning with { Restart = Number(warning.Restart) });
            }
        }
        catch (TrainingException failed) when (failed.Scope != TrainingScope.Rows)
        {
            LeaveOut(failed, events);
            return events;
        }

        if (_refitting)
        {
            _done = _current.Next is null;
        }
        else if (_current.Trial is { } trial)
        {
            Take(trial, events);
            GoOn(events);
        }

        return events;
    }

    /// <summary>A restart's number among those of all numbers of clusters: its own of the chosen training.</summary>
    internal int Number(int start)
    {
        int place = _refitting ? _family.Numbers.Length + _lostRefits : _family.Numbers.BinarySearch(_done ? _kept.Values[0].K : _current.K);
        return (place * _family.Restarts) + start;
    }

    /// <inheritdoc/>
    public byte[] Save()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        _family.Write(writer);
        writer.Boolean(_done);
        writer.Boolean(_refitting);
        writer.Int32(_lostRefits);
        writer.Int32(_told.Count);
        foreach (string warning in _told)
            writer.String(warning);
        writer.Int32(_shared.Count);
        foreach ((string warning, SortedSet<int> numbers) in _shared)
        {
            writer.String(warning);
            writer.Int32(numbers.Count);
            foreach (int k in numbers)
                writer.Int32(k);
        }

        writer.Int32(_trials.Length);
        foreach (SelectionTrial trial in _trials)
            trial.Write(writer);
        writer.Bytes(_current.Save());
        writer.Int32(_kept.Count);
        foreach ((int index, ITrialTrainer trainer) in _kept)
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
            _done = done,
            _refitting = refitting,
            _lostRefits = lostRefits,
            _trials = trials.ToImmutable(),
        };
        trainer._told.UnionWith(told);
        foreach ((string warning, int[] numbers) in shared)
            trainer._shared[warning] = [.. numbers];
        for (int left = reader.Length(8); left > 0; left--)
        {
            int index = reader.Int32();
            if (index < 0 || index >= trials.Count || !trainer._kept.TryAdd(index, family.Restore(reader.Bytes(), refit: false)))
                throw new InvalidDataException("The state of a choice among numbers of clusters is damaged: it names a trial that is not there.");
        }

        reader.End();
        return trainer;
    }

    private void Take(SelectionTrial trial, List<TrainingEvent> events)
    {
        // A model contains those of fewer clusters: one that fits worse did not find its way.
        if (_trials.FirstOrDefault(fewer => _family.ObjectiveRises ? fewer.Objective > trial.Objective : fewer.Objective < trial.Objective) is { } better)
        {
            events.Add(new TrainingWarning(
                Restart,
                $"The starts of k = {trial.K} got stuck: its {_family.ObjectiveName} is {(_family.ObjectiveRises ? "less" : "greater")} than that of k = "
                    + $"{better.K}. Use more restarts."));
        }

        _trials = _trials.Add(trial);
        _kept.Add(_trials.Length - 1, _current);
        if (_family.Criterion != SelectionCriterion.Elbow)
            Keep(SelectionTrial.Choose(_trials, _family.Criterion));
    }

    /// <summary>Lets go of all trainings but one.</summary>
    private void Keep(int index)
    {
        foreach (int other in _kept.Keys.Where(other => other != index).ToArray())
            _kept.Remove(other);
    }

    private void GoOn(List<TrainingEvent> events)
    {
        int next = _family.Numbers.BinarySearch(_current.K) + 1;
        if (next < _family.Numbers.Length)
            _current = _family.Begin(_family.Numbers[next], refit: false, _current);
        else
            Choose(events);
    }

    private void Choose(List<TrainingEvent> events)
    {
        foreach ((string warning, SortedSet<int> numbers) in _shared)
            events.Add(new TrainingWarning(Restart, $"k = {List([.. numbers])}: {warning}"));
        _trials = _family.Compare(_trials);
        int chosen = SelectionTrial.Choose(_trials, _family.Criterion);
        if (chosen < 0)
        {
            throw new TrainingException(
                $"{_family.Criterion.Name()} cannot choose among k = {Numbers()}: it has no value for any of them. Try "
                    + $"{(_family.Numbers.Length < 3 ? "more" : "other")} numbers, or another criterion.");
        }

        Keep(chosen);
        Disagreement(events);
        if (_family.Refits)
            Refit(chosen);
        else
            _done = true;
    }

    private void Refit(int chosen)
    {
        _current = _family.Begin(_trials[chosen].K, refit: true, _current);
        _refitting = true;
        _kept.Clear();
    }

    /// <summary>A number could not be trained, or the chosen one not on all rows: those that are left are chosen among.</summary>
    private void LeaveOut(TrainingException failed, List<TrainingEvent> events)
    {
        bool more = failed.Scope == TrainingScope.MoreClusters && !_refitting && _current.K < _family.Numbers[^1];
        string which = $"k = {_current.K}{(more ? " and more are" : " is")} left out{(_refitting ? " after all" : "")}: ";
        if (_refitting)
        {
            _trials = _trials.RemoveAll(trial => trial.K == _current.K);
            _lostRefits++;
        }

        bool last = _refitting || more || _current.K == _family.Numbers[^1];
        if (last && _trials.IsEmpty)
            throw _family.Numbers.Length > 1 ? new TrainingException($"None of k = {Numbers()} can be trained. k = {_current.K}: {failed.Message}") : failed;
        events.Add(new TrainingWarning(Restart, which + failed.Message));
        if (_refitting)
            Refit(SelectionTrial.Choose(_trials, _family.Criterion));
        else if (more)
            Choose(events);
        else
            GoOn(events);
    }

    private void Share(string warning)
    {
        if (!_shared.TryGetValue(warning, out SortedSet<int>? numbers))
            _shared.Add(warning, numbers = []);
        numbers.Add(_current.K);
    }

    private string Numbers() => List(_family.Numbers);

    /// <summary>"2..5" or "2, 4, 8".</summary>
    private static string List(ImmutableArray<int> numbers) =>
        numbers.Length > 2 && numbers[^1] - numbers[0] == numbers.Length - 1 ? $"{numbers[0]}..{numbers[^1]}" : string.Join(", ", numbers);

    private void Disagreement(List<TrainingEvent> events)
    {
        (SelectionCriterion Criterion, int Index)[] choices =
        [
            .. _trials[0].Values.Select(value => (value.Criterion, SelectionTrial.Choose(_trials, value.Criterion))).Where(choice => choice.Item2 >= 0),
        ];
        if (choices.DistinctBy(choice => choice.Index).Count() > 1)
            events.Add(new TrainingWarning(Restart,
                $"The criteria disagree: {string.Join(", ", choices.Select(choice => $"{choice.Criterion.Name()} chooses k = {_trials[choice.Index].K}"))}."));
    }
}
