using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>
/// Trains mixtures of every number of components in a range, one after the other over the same workers, and keeps the one of least criterion; of equal ones
/// the smallest. Restarts are numbered on through all of them.
/// </summary>
public sealed class MixtureSelectionTrainer : ITrainer
{
    private const string Magic = "OCMS";
    private const byte Version = 1;

    private readonly MixtureSpec spec;
    private readonly int largest;
    private readonly MixtureCriterion criterion;
    private readonly int columns;
    private readonly List<MixtureTrial> trials = [];
    private MixtureTrainer current;
    private MixtureTrainer? best;
    private MixtureTrial? bestTrial;
    private bool done;

    /// <param name="spec">What to train; its number of components is the smallest to try.</param>
    /// <param name="largest">The largest number of components, at least the smallest.</param>
    /// <param name="criterion">What chooses.</param>
    /// <param name="columns">Number of columns of the rows, at least 1.</param>
    /// <exception cref="ArgumentException">The range is empty, means are given, or the largest statistic does not fit.</exception>
    public MixtureSelectionTrainer(MixtureSpec spec, int largest, MixtureCriterion criterion, int columns)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (largest < spec.K)
            throw new ArgumentException($"The numbers of components {spec.K}..{largest} are none: give the smaller one first.", nameof(largest));
        if (spec.Init == MixtureInit.Given)
            throw new ArgumentException("Given means fix the number of components: ask for one number, or for another start.", nameof(spec));
        MixtureSize.Check(spec.Covariance, largest, columns, MixtureSize.GreatestStatistic);
        (this.spec, this.largest, this.criterion, this.columns) = (spec, largest, criterion, columns);
        current = new MixtureTrainer(spec, columns);
    }

    public string Algorithm => current.Algorithm;

    public string Phase => done ? "done" : current.Phase == "done" ? "init" : current.Phase;

    public int Restart => Number(current.Spec.K, current.Restart);

    public int Iteration => current.Iteration;

    public EncodedStep? Next => done ? null : current.Next;

    /// <summary>Every number that was tried, ascending.</summary>
    public IReadOnlyList<MixtureTrial> Trials => trials;

    public MixtureCriterion Criterion => criterion;

    /// <summary>The outcome of the number chosen, its restart numbered through all; null until the training is done.</summary>
    public MixtureResult? Result => done && best!.Result is { } result ? result with { Restart = Number(bestTrial!.K, result.Restart) } : null;

    /// <inheritdoc/>
    public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel)
    {
        if (done)
            throw new InvalidOperationException("The training is done; there is nothing to advance.");
        var events = new List<TrainingEvent>();
        int k = current.Spec.K;
        try
        {
            foreach (TrainingEvent happened in current.Advance(statistic, parallel))
            {
                events.Add(happened is TrainingWarning warning
                    ? new TrainingWarning(Number(k, warning.Restart), $"k = {k}: {warning.Message}")
                    : happened with { Restart = Number(k, happened.Restart) });
            }
        }
        catch (TrainingException failed) when (k < largest || best is not null)
        {
            events.Add(new TrainingWarning(Restart, $"k = {k} is left out: {failed.Message}"));
            GoOn(events);
            return events;
        }

        if (current.Result is { } result)
        {
            Take(result, events);
            GoOn(events);
        }

        return events;
    }

    /// <inheritdoc/>
    public byte[] Save()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        writer.Int32(columns);
        spec.Write(writer);
        writer.Int32(largest);
        writer.Byte((byte)criterion);
        writer.Boolean(done);
        writer.Int32(trials.Count);
        foreach (MixtureTrial trial in trials)
        {
            writer.Int32(trial.K);
            writer.Int32(trial.Start);
            writer.Double(trial.Criteria.LogLikelihood);
            writer.Int64(trial.Criteria.Parameters);
            writer.Double(trial.Criteria.Bic);
            writer.Double(trial.Criteria.Aic);
            writer.Double(trial.Criteria.Icl);
        }

        writer.Bytes(current.Save());
        writer.Boolean(best is not null);
        if (best is not null)
        {
            writer.Int32(trials.IndexOf(bestTrial!));
            writer.Bytes(best.Save());
        }

        return writer.ToArray();
    }

    /// <summary>Whether bytes are what <see cref="Save"/> returned, and not the state of a training of one number.</summary>
    public static bool Is(ReadOnlySpan<byte> state) => state.StartsWith("OCMS"u8);

    /// <summary>A training as it was when it was saved.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such state, or damaged.</exception>
    public static MixtureSelectionTrainer Restore(ReadOnlyMemory<byte> state)
    {
        var reader = new ByteReader(state);
        reader.Header(Magic, Version);
        int columns = reader.Int32();
        var trainer = new MixtureSelectionTrainer(MixtureSpec.Read(reader), reader.Int32(), (MixtureCriterion)reader.Byte(), columns) { done = reader.Boolean() };
        for (int left = reader.Length(48); left > 0; left--)
        {
            (int k, int start) = (reader.Int32(), reader.Int32());
            trainer.trials.Add(new MixtureTrial(k, start, new MixtureCriteria(reader.Double(), reader.Int64(), reader.Double(), reader.Double(), reader.Double())));
        }

        trainer.current = MixtureTrainer.Restore(reader.Bytes());
        if (reader.Boolean())
        {
            int index = reader.Int32();
            if (index < 0 || index >= trainer.trials.Count)
                throw new InvalidDataException("The state of a choice among mixtures is damaged: it names a trial that is not there.");
            trainer.bestTrial = trainer.trials[index];
            trainer.best = MixtureTrainer.Restore(reader.Bytes());
        }

        reader.End();
        return trainer;
    }

    private int Number(int k, int start) => ((k - spec.K) * spec.Restarts) + start;

    private void Take(MixtureResult result, List<TrainingEvent> events)
    {
        var trial = new MixtureTrial(current.Spec.K, result.Restart, result.Criteria);
        // A mixture contains those of fewer components: one that fits worse did not find its way.
        if (trials.Count > 0 && trials[^1].Criteria.LogLikelihood > trial.Criteria.LogLikelihood)
        {
            events.Add(new TrainingWarning(
                Restart, $"The starts of k = {trial.K} got stuck: its likelihood is less than that of k = {trials[^1].K}. Use more restarts."));
        }

        trials.Add(trial);
        if (bestTrial is null || trial.Value(criterion) < bestTrial.Value(criterion))
            (best, bestTrial) = (current, trial);
    }

    private void GoOn(List<TrainingEvent> events)
    {
        if (current.Spec.K < largest)
        {
            current = new MixtureTrainer(spec with { K = current.Spec.K + 1 }, columns);
            return;
        }

        done = true;
        (MixtureCriterion Criterion, int K)[] choices = [.. Enum.GetValues<MixtureCriterion>().Select(other => (other, trials.MinBy(trial => trial.Value(other))!.K))];
        if (choices.DistinctBy(choice => choice.K).Count() > 1)
            events.Add(new TrainingWarning(Restart, $"The criteria disagree: {string.Join(", ", choices.Select(choice => $"{choice.Criterion.ToString().ToUpperInvariant()} chooses k = {choice.K}"))}."));
    }
}
