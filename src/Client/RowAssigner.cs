using System.Runtime.InteropServices;
using OrleansCluster.Serving;

namespace OrleansCluster.Client;

/// <summary>Which cluster a row belongs to.</summary>
/// <param name="Cluster">Its stable id.</param>
/// <param name="Distance">To the cluster's centre, not squared.</param>
/// <param name="Version">The version that answered.</param>
public readonly record struct RowAssignment(int Cluster, double Distance, int Version);

/// <summary>
/// Asks a model about single rows. Rows that come while others are being asked about travel together with the next question, so that many askers cost few
/// calls and nobody waits for a timer. Thread-safe; one for all askers.
/// </summary>
public sealed class RowAssigner
{
    /// <summary>Questions that are under way at a time: one is answered while the next one travels.</summary>
    private const int MostQuestions = 2;

    /// <summary>Questions that are under way at a time where those that are do not come back.</summary>
    private const int MostLate = 32;

    /// <summary>Milliseconds after which rows do not wait any more for a question to come back, which may never.</summary>
    private const int Late = 100;

    /// <summary>Most bytes of values in a question.</summary>
    private const int MostBytes = 1 << 20;

    private readonly Func<RowsPayload, Task<Assignments>> _ask;
    private readonly Lock _lock = new();
    private readonly Queue<Batch> _waiting = new();

    /// <summary>The last of those that wait, which further rows may join; null: none waits.</summary>
    private Batch? _open;

    /// <summary>Rows of the question before: how much room the next one begins with.</summary>
    private int _usual = 1;
    private int _questions;

    /// <summary>Whether somebody looks after rows that wait for long.</summary>
    private bool _watches;

    /// <param name="models">Where the model is asked.</param>
    /// <param name="model">Its name.</param>
    /// <param name="version">Its version; 0: what the bare name means when the question is asked.</param>
    public RowAssigner(IModelClient models, string model, int version = 0)
        : this(rows => models.AssignAsync(model, version, rows))
    {
        ArgumentNullException.ThrowIfNull(models);
    }

    /// <param name="ask">Asks about rows. It is called where nothing is left of who asked for one of them: no local values, no trace.</param>
    public RowAssigner(Func<RowsPayload, Task<Assignments>> ask)
    {
        ArgumentNullException.ThrowIfNull(ask);
        _ask = ask;
    }

    /// <summary>Which cluster a row of float32 belongs to.</summary>
    /// <param name="row">Its values, in the order of the model's columns.</param>
    /// <param name="cancellation">Ends the waiting of this row; those it travels with are answered.</param>
    /// <exception cref="ClusteringException">There is no such model, or the row does not fit it.</exception>
    public Task<RowAssignment> AssignAsync(ReadOnlySpan<float> row, CancellationToken cancellation = default) =>
        AskAsync("f4", row.Length, MemoryMarshal.AsBytes(row), cancellation);

    /// <summary>Which cluster a row of float64 belongs to.</summary>
    /// <inheritdoc cref="AssignAsync(ReadOnlySpan{float}, CancellationToken)"/>
    public Task<RowAssignment> AssignAsync(ReadOnlySpan<double> row, CancellationToken cancellation = default) =>
        AskAsync("f8", row.Length, MemoryMarshal.AsBytes(row), cancellation);

    private Task<RowAssignment> AskAsync(string precision, int columns, ReadOnlySpan<byte> values, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<RowAssignment>(cancellation);
        // Whoever waits goes on elsewhere, and does not hold up the others.
        var answer = new TaskCompletionSource<RowAssignment>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool starts, watches;
        lock (_lock)
        {
            if (_open is null || !_open.Takes(precision, columns, values.Length))
                _waiting.Enqueue(_open = new Batch(precision, columns, _usual));
            _open.Add(values, answer);
            starts = _questions < MostQuestions;
            _questions += starts ? 1 : 0;
            watches = !starts && !_watches;
            _watches |= watches;
        }

        if (starts)
            Start();
        else if (watches)
            ThreadPool.UnsafeQueueUserWorkItem(static assigner => _ = assigner.WatchAsync(), this, preferLocal: false);
        return cancellation.CanBeCanceled ? answer.Task.WaitAsync(cancellation) : answer.Task;
    }

    /// <summary>Asks about what waits until nothing does. Never fails: whoever waits is told.</summary>
    private async Task AskAllAsync()
    {
        while (Take() is { } batch)
            await AnswerAsync(batch.Rows, batch.Answers).ConfigureAwait(false);
    }

    /// <summary>What waits longest; null: nothing does, and this question is the last.</summary>
    private Batch? Take()
    {
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out Batch? batch))
            {
                _questions--;
                return null;
            }

            if (batch == _open)
                _open = null;
            _usual = batch.Answers.Count;
            return batch;
        }
    }

    /// <summary>Begins with nothing of whoever happened to be the first.</summary>
    private void Start() => ThreadPool.UnsafeQueueUserWorkItem(static assigner => _ = assigner.AskAllAsync(), this, preferLocal: false);

    /// <summary>Has those asked about that waited too long, until none waits.</summary>
    private async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(Late).ConfigureAwait(false);
            lock (_lock)
            {
                if (!_waiting.TryPeek(out Batch? first))
                {
                    _watches = false;
                    return;
                }

                if (_questions >= MostLate || Environment.TickCount64 - first.Begun < Late)
                    continue;
                _questions++;
            }

            Start();
        }
    }

    private async Task AnswerAsync(RowsPayload rows, List<TaskCompletionSource<RowAssignment>> answers)
    {
        try
        {
            Tell(await _ask(rows).ConfigureAwait(false), answers);
        }
        catch (ClusteringException refused) when (answers.Count > 1 && refused.RetryAfter is null)
        {
            // One row may be to blame, and its neighbours shall not suffer for it.
            if (refused is { Row: { } row, Column: { } column, Problem: { } problem } && row < answers.Count)
            {
                answers[(int)row].TrySetException(new ClusteringException(0, column, problem));
                await AnswerAsync(rows, answers, 0, (int)row).ConfigureAwait(false);
                await AnswerAsync(rows, answers, (int)row + 1, answers.Count).ConfigureAwait(false);
            }
            else
            {
                await AnswerAsync(rows, answers, 0, answers.Count / 2).ConfigureAwait(false);
                await AnswerAsync(rows, answers, answers.Count / 2, answers.Count).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whatever it is, whoever waits is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (TaskCompletionSource<RowAssignment> answer in answers)
                answer.TrySetException(e);
        }
    }

    /// <summary>Asks about some of the rows.</summary>
    private Task AnswerAsync(RowsPayload rows, List<TaskCompletionSource<RowAssignment>> answers, int first, int end)
    {
        int rowBytes = rows.Values.Length / answers.Count;
        return first == end
            ? Task.CompletedTask
            : AnswerAsync(
                rows with { Values = rows.Values[(first * rowBytes)..(end * rowBytes)], Questions = end - first },
                [.. answers.Skip(first).Take(end - first)]);
    }

    private static void Tell(Assignments told, List<TaskCompletionSource<RowAssignment>> answers)
    {
        ReadOnlySpan<int> labels = MemoryMarshal.Cast<byte, int>(told.Labels.Span), versions = MemoryMarshal.Cast<byte, int>(told.Versions.Span);
        ReadOnlySpan<double> distances = MemoryMarshal.Cast<byte, double>(told.Distances.Span);
        for (int i = 0; i < answers.Count; i++)
            answers[i].TrySetResult(new RowAssignment(labels[i], distances[i], versions.IsEmpty ? told.Version : versions[i]));
    }

    /// <summary>Rows that travel together.</summary>
    private sealed class Batch(string precision, int columns, int usual)
    {
        private byte[] _values = new byte[usual * columns * (precision == "f4" ? sizeof(float) : sizeof(double))];
        private int _length;

        public long Begun { get; } = Environment.TickCount64;

        public List<TaskCompletionSource<RowAssignment>> Answers { get; } = new(usual);

        public RowsPayload Rows =>
            new() { Precision = precision, Columns = columns, Values = _values.AsMemory(0, _length), Questions = Answers.Count };

        public bool Takes(string ofPrecision, int ofColumns, int bytes) =>
            precision == ofPrecision && columns == ofColumns && _length + bytes <= MostBytes;

        public void Add(ReadOnlySpan<byte> row, TaskCompletionSource<RowAssignment> answer)
        {
            if (_length + row.Length > _values.Length)
                Array.Resize(ref _values, Math.Max(_length + row.Length, Math.Min(2 * _values.Length, MostBytes)));
            row.CopyTo(_values.AsSpan(_length));
            _length += row.Length;
            Answers.Add(answer);
        }
    }
}
