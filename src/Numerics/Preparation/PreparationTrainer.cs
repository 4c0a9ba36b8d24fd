using System.Collections.Immutable;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>What the prepared rows of a training are like.</summary>
/// <param name="Fitted">The preparation.</param>
/// <param name="Minima">Least value of each prepared column, over rows of positive weight.</param>
/// <param name="Maxima">Greatest value of each.</param>
public sealed record PreparedRows(FittedPreparation Fitted, ImmutableArray<double> Minima, ImmutableArray<double> Maxima);

/// <summary>How the training over prepared rows begins and goes on.</summary>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="Statistics">The kinds of statistics that its steps have.</param>
/// <param name="Begin">Begins it.</param>
/// <param name="Restore">Goes on with what it saved.</param>
/// <param name="ComparesScales">Whether columns of greater numbers count for more.</param>
public sealed record PreparedTraining(
    string Algorithm,
    StatisticKinds Statistics,
    Func<PreparedRows, ITrainer> Begin,
    Func<ReadOnlyMemory<byte>, ITrainer> Restore,
    bool ComparesScales = false);

/// <summary>
/// Fits a preparation, a step on rows as those before it leave them, looks at the prepared rows once, and hands over to a model's training, whose steps it
/// sends over prepared rows. What a step has been told so far is all that is saved of its fit: told again, it is where it was.
/// </summary>
public sealed class PreparationTrainer : ITrainer
{
    private const string Magic = "OCPT";
    private const byte Version = 1;

    private readonly PreparationSpec _spec;
    private readonly ImmutableArray<RowColumn> _columns;
    private readonly PreparedTraining _training;
    private readonly List<byte[]> _told = [];
    private FittedPreparation _fitted;
    private byte[] _head = [];
    private string _key = "";
    private BoundPreparation _bound = null!;
    private StepFit? _fit;
    private IEnumerator<FitPass>? _asking;
    private ITrainer? _inner;
    private EncodedStep? _next;
    private EncodedStep? _nextInner;

    /// <param name="spec">What to fit; not looked at where <paramref name="fitted"/> is given.</param>
    /// <param name="columns">The columns of the rows as they lie in shards.</param>
    /// <param name="training">What comes then.</param>
    /// <param name="fitted">A preparation that was fitted before, and stays; null: it is to be fitted.</param>
    /// <exception cref="TrainingException">The steps are not for such columns.</exception>
    public PreparationTrainer(PreparationSpec spec, ImmutableArray<RowColumn> columns, PreparedTraining training, FittedPreparation? fitted = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(training);
        (_spec, _columns, _training) = (fitted is null ? spec : PreparationSpec.None, columns, training);
        _fitted = fitted ?? new FittedPreparation(PreparationInputs.Of(spec, columns), []);
        Bind();
        GoOn();
    }

    private PreparationTrainer(
        PreparationSpec spec, ImmutableArray<RowColumn> columns, PreparedTraining training, FittedPreparation fitted, PreparedRows? rows, ITrainer? inner)
    {
        (_spec, _columns, _training, _fitted, Rows, _inner) = (spec, columns, training, fitted, rows, inner);
        Bind();
        if (inner is null)
            GoOn();
    }

    /// <inheritdoc/>
    public string Algorithm => _training.Algorithm;

    /// <inheritdoc/>
    public StatisticKinds Statistics => _training.Statistics;

    /// <inheritdoc/>
    public string Phase => _inner?.Phase ?? "prepare";

    /// <inheritdoc/>
    public int Restart => _inner?.Restart ?? 0;

    /// <inheritdoc/>
    public int Iteration => _inner?.Iteration ?? 0;

    /// <summary>What the prepared rows are like; null: that is not known yet.</summary>
    public PreparedRows? Rows { get; private set; }

    /// <summary>The training over prepared rows; null: it has not begun.</summary>
    public ITrainer? Inner => _inner;

    /// <inheritdoc/>
    public EncodedStep? Next
    {
        get
        {
            if (_inner is null)
                return _next ??= Wrap(_asking?.Current ?? new FitPass(FitQuestion.Bounds, [.. Kept()]), null);
            if (_inner.Next is not { } step)
                return null;
            if (_nextInner != step)
                (_nextInner, _next) = (step, Wrap(null, step));
            return _next;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel)
    {
        if (_inner is not null)
            return _inner.Advance(statistic, parallel);
        _next = null;
        if (_asking is null)
        {
            return Begin(Statistic.Decode<Ranges>(statistic));
        }

        _told.Add(statistic.ToArray());
        Tell(statistic);
        return [];
    }

    /// <inheritdoc/>
    public byte[] Save()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        writer.String(_spec.ToString());
        writer.Bytes(_head);
        writer.Int32(_told.Count);
        foreach (byte[] told in _told)
            writer.Bytes(told);
        writer.Boolean(_inner is not null);
        if (_inner is not null)
        {
            writer.Doubles(Rows!.Minima.AsSpan());
            writer.Doubles(Rows.Maxima.AsSpan());
            writer.Bytes(_inner.Save());
        }

        return writer.ToArray();
    }

    /// <summary>Whether bytes are what <see cref="Save"/> returned.</summary>
    public static bool Is(ReadOnlySpan<byte> state) => state.StartsWith("OCPT"u8);

    /// <summary>A training as it was when it was saved.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such state, or damaged.</exception>
    public static PreparationTrainer Restore(ReadOnlyMemory<byte> state, PreparedTraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        var reader = new ByteReader(state);
        reader.Header(Magic, Version);
        PreparationSpec spec = PreparationSpec.Parse(reader.String());
        var head = new ByteReader(reader.Bytes());
        var fitted = FittedPreparation.Decode(head.Bytes());
        ImmutableArray<RowColumn> columns = FittedPreparation.ReadColumns(head);
        var told = new byte[reader.Length(4)][];
        for (int i = 0; i < told.Length; i++)
            told[i] = reader.Bytes();
        if (reader.Boolean())
        {
            var rows = new PreparedRows(fitted, [.. reader.Doubles()], [.. reader.Doubles()]);
            return new PreparationTrainer(spec, columns, training, fitted, rows, training.Restore(reader.Bytes()));
        }

        var trainer = new PreparationTrainer(spec, columns, training, fitted, rows: null, inner: null);
        foreach (byte[] statistic in told)
            trainer.Advance(statistic, Sequential.Instance);
        reader.End();
        return trainer;
    }

    /// <summary>Begins with the next step that is to be fitted; there is none left: with a look at the prepared rows.</summary>
    private void GoOn()
    {
        while (_fitted.Steps.Length < _spec.Steps.Length)
        {
            StepRequest request = _spec.Steps[_fitted.Steps.Length];
            _fit = new StepFit(_bound.All);
            _asking = StepKind.Of(request.Kind).Fit(request, _fit).GetEnumerator();
            if (_asking.MoveNext())
                return;
            Take();
        }

        _asking = null;
        if (_bound.Outputs.IsEmpty)
            throw new TrainingException(
                "No column of numbers is left to cluster by: turn categories into numbers with onehot, ordinal or hash, and times with cycle.");
    }

    private void Tell(ReadOnlyMemory<byte> statistic)
    {
        _fit!.Tell(_training.Statistics.Decode(statistic));
        if (_asking!.MoveNext())
            return;
        Take();
        GoOn();
    }

    private void Take()
    {
        _fitted = new FittedPreparation(_fitted.Inputs, _fitted.Steps.Add(_fit!.Result!));
        _told.Clear();
        Bind();
    }

    private void Bind()
    {
        _bound = _fitted.Bind(_columns);
        _head = PreparationEnvelope.Head(_fitted, _columns);
        _key = PreparationEnvelope.KeyOf(_head);
    }

    private IReadOnlyList<TrainingEvent> Begin(Ranges bounds)
    {
        for (int j = 0; j < bounds.Minima.Length; j++)
        {
            if (double.IsNaN(bounds.Minima[j]))
            {
                throw new TrainingException(
                    $"Column '{_bound.Outputs[j]}' has missing values, which a model cannot take: "
                        + "fill them in with the preparation step impute=median before the others, or leave the column out.");
            }
        }

        Rows = new PreparedRows(_fitted, [.. bounds.Minima], [.. bounds.Maxima]);
        _inner = _training.Begin(Rows);
        return _training.ComparesScales && !_fitted.Steps.Any(step => step.Kind is "scale" or "weigh" or "unit" or "pca" or "whiten")
            && ColumnScales.Warning(_fitted.Outputs, bounds.Minima, bounds.Maxima, _spec) is { } warning
            ? [new TrainingWarning(0, warning, TrainingScope.Rows)]
            : [];
    }

    /// <summary>A step of another computation, over the same prepared rows.</summary>
    public EncodedStep Over(EncodedStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Wrap(null, step);
    }

    private IEnumerable<int> Kept()
    {
        var outputs = _bound.Outputs.ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(0, _bound.All.Length).Where(place => outputs.Contains(_bound.All[place].Name));
    }

    private EncodedStep Wrap(FitPass? pass, EncodedStep? step) => PreparationEnvelope.Encode(_head, new PreparationEnvelope(_key, _bound, pass, step));
}
