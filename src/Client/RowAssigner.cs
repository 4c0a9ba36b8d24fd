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
/// <param name="models">Where the model is asked.</param>
/// <param name="model">Its name.</param>
/// <param name="version">Its version; 0: what the bare name means when the question is asked.</param>
public sealed class RowAssigner(IModelClient models, string model, int version = 0)
{
    /// <summary>Questions that are under way at a time: one is answered while the next one travels.</summary>
    private const int MostQuestions = 2;

    /// <summary>Most bytes of values in a question.</summary>
    private const int MostBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _questions;

    /// <summary>Which cluster a row of float32 belongs to.</summary>
    /// <param name="row">Its values, in the order of the model's columns.</param>
    /// <param name="cancellation">Ends the waiting of this row; those it travels with are answered.</param>
    /// <exception cref="ClusteringException">There is no such model, or the row does not fit it.</exception>
    public Task<RowAssignment> AssignAsync(ReadOnlySpan<float> row, CancellationToken cancellation = default) =>
        AskAsync(new Waiting("f4", row.Length, MemoryMarshal.AsBytes(row).ToArray()), cancellation);

    /// <summary>Which cluster a row of float64 belongs to.</summary>
    /// <inheritdoc cref="AssignAsync(ReadOnlySpan{float}, CancellationToken)"/>
    public Task<RowAssignment> AssignAsync(ReadOnlySpan<double> row, CancellationToken cancellation = default) =>
        AskAsync(new Waiting("f8", row.Length, MemoryMarshal.AsBytes(row).ToArray()), cancellation);

    private Task<RowAssignment> AskAsync(Waiting row, CancellationToken cancellation)
    {
        bool starts;
        lock (_lock)
        {
            _waiting.Enqueue(row);
            starts = _questions < MostQuestions;
            _questions += starts ? 1 : 0;
        }

        if (starts)
            _ = AskAllAsync();
        return row.Answer.Task.WaitAsync(cancellation);
    }

    /// <summary>Asks about what waits until nothing does. Never fails: whoever waits is told.</summary>
    private async Task AskAllAsync()
    {
        while (Take() is { Count: > 0 } rows)
        {
            try
            {
                await AnswerAsync(rows).ConfigureAwait(false);
            }
            catch (ClusteringException) when (rows.Count > 1)
            {
                // One row may be to blame, and its neighbours shall not suffer for it.
                foreach (Waiting row in rows)
                    await AloneAsync(row).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever it is, whoever waits is told.
            catch (Exception e)
#pragma warning restore CA1031
            {
                foreach (Waiting row in rows)
                    row.Answer.TrySetException(e);
            }
        }
    }

    /// <summary>The next rows of one width and precision; none: this question is the last.</summary>
    private List<Waiting> Take()
    {
        var rows = new List<Waiting>();
        lock (_lock)
        {
            while (_waiting.TryPeek(out Waiting? next) && (rows.Count == 0 || (next.FitsBeside(rows[0]) && (rows.Count + 1) * next.Values.Length <= MostBytes)))
                rows.Add(_waiting.Dequeue());
            _questions -= rows.Count == 0 ? 1 : 0;
        }

        return rows;
    }

    private async Task AloneAsync(Waiting row)
    {
        try
        {
            await AnswerAsync([row]).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, whoever waits is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            row.Answer.TrySetException(e);
        }
    }

    private async Task AnswerAsync(List<Waiting> rows)
    {
        var values = new byte[rows.Sum(row => row.Values.Length)];
        for (int i = 0; i < rows.Count; i++)
            rows[i].Values.CopyTo(values.AsSpan(i * rows[i].Values.Length));
        var payload = new RowsPayload { Precision = rows[0].Precision, Columns = rows[0].Columns, Values = values };
        Assignments answer = await models.AssignAsync(model, version, payload).ConfigureAwait(false);
        int[] labels = MemoryMarshal.Cast<byte, int>(answer.Labels.Span).ToArray(), versions = answer.RowVersions();
        double[] distances = MemoryMarshal.Cast<byte, double>(answer.Distances.Span).ToArray();
        for (int i = 0; i < rows.Count; i++)
            rows[i].Answer.TrySetResult(new RowAssignment(labels[i], distances[i], versions[i]));
    }

    private sealed record Waiting(string Precision, int Columns, byte[] Values)
    {
        public TaskCompletionSource<RowAssignment> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool FitsBeside(Waiting other) => Precision == other.Precision && Columns == other.Columns;
    }
}
