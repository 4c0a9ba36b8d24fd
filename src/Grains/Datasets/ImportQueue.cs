using System.Runtime.InteropServices;
using OrleansCluster.Compute;

namespace OrleansCluster.Datasets;

/// <summary>
/// Messages of an import that arrive while others are written, in whatever order: they are written in that of their numbers, those that are there in one
/// computation. Used on the scheduler of its grain.
/// </summary>
/// <param name="writer">Where the rows go.</param>
/// <param name="compute">Where rows are checked, summed and hashed.</param>
/// <param name="time">By which a message waits for one before it.</param>
/// <param name="between">Done after messages were written, before others are.</param>
internal sealed class ImportQueue(DatasetWriter writer, ICompute compute, TimeProvider time, Func<Task> between)
{
    /// <summary>Messages that may wait for one before them: more than a sender has under way.</summary>
    private const int MostWaiting = 2 * WireLimits.PiecesInFlight;

    /// <summary>Long enough for one that was lost with a gateway to be sent again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, Waiting> _waiting = [];
    private Task _writing = Task.CompletedTask;
    private bool _stopped;

    /// <summary>Messages that were written.</summary>
    public long Taken { get; private set; }

    /// <summary>Ends when the message, and all before it, are written. One that was taken already is not taken again.</summary>
    /// <exception cref="ClusteringException">One before it did not come.</exception>
    public async Task AppendAsync(ImportRows rows)
    {
        if (rows.Sequence < Taken)
            return;
        if (!_waiting.TryGetValue(rows.Sequence, out Waiting? waiting))
        {
            if (rows.Sequence - Taken >= MostWaiting)
                throw Gap(rows);
            _waiting.Add(rows.Sequence, waiting = new Waiting(rows));
        }

        if (_writing.IsCompleted)
            _writing = WriteAsync();
        try
        {
            await waiting.Written.Task.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            if (!waiting.Begun && !waiting.Written.Task.IsCompleted)
            {
                _waiting.Remove(rows.Sequence);
                throw Gap(rows);
            }

            await waiting.Written.Task;
        }
    }

    /// <summary>Takes no more, and ends when nothing is being written.</summary>
    /// <param name="reason">What those hear who wait.</param>
    public async Task StopAsync(Exception reason)
    {
        _stopped = true;
        await _writing;
        Fail(reason);
    }

    /// <summary>Writes until nothing is there that comes next. Does not fail: those who wait do.</summary>
    private async Task WriteAsync()
    {
        var next = new List<Waiting>();
        while (!_stopped && Next(next))
        {
            try
            {
                // Once begun it is finished: half a message must not be left in the shard.
                await await compute.Run(ComputePriority.Training, _ => AppendAsync(next), CancellationToken.None);
                foreach (Waiting written in next)
                {
                    Taken++;
                    _waiting.Remove(written.Rows.Sequence);
                    written.Written.SetResult();
                }

                await between();
            }
            catch (Exception e)
            {
                // What is in the shard now nobody knows.
                _stopped = true;
                Fail(e);
            }
        }
    }

    private bool Next(List<Waiting> next)
    {
        next.Clear();
        while (_waiting.TryGetValue(Taken + next.Count, out Waiting? waiting))
        {
            waiting.Begun = true;
            next.Add(waiting);
        }

        return next.Count > 0;
    }

    private async Task AppendAsync(List<Waiting> messages)
    {
        foreach (Waiting message in messages)
        {
            await writer.AppendAsync(
                message.Rows.Values, MemoryMarshal.Cast<byte, double>(message.Rows.Weights.Span).ToArray(),
                message.Rows.Ids.IsDefaultOrEmpty ? default : message.Rows.Ids.AsMemory(), CancellationToken.None);
        }
    }

    private void Fail(Exception reason)
    {
        foreach (Waiting waiting in _waiting.Values)
        {
            waiting.Written.SetException(reason);
            // Its sender may have given up.
            _ = waiting.Written.Task.Exception;
        }

        _waiting.Clear();
    }

    private ClusteringException Gap(ImportRows rows) =>
        new($"Message {rows.Sequence} of the import arrived where message {Taken} belongs: begin the import again.");

    private sealed class Waiting(ImportRows rows)
    {
        public ImportRows Rows => rows;

        /// <summary>Whether it is being written, or was.</summary>
        public bool Begun { get; set; }

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
