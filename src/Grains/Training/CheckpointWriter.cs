using OrleansCluster.Datasets;

namespace OrleansCluster.Training;

/// <summary>Where a run stands, to be written down.</summary>
internal sealed record CheckpointContent(byte[] Bytes, string Phase, int Restart, int Iteration, double Objective, double Best);

/// <summary>
/// Writes checkpoints one after the other beside the run: blob first, then the state that names it, then the blob it replaces goes. A checkpoint that comes
/// while another is being written waits, and only the newest of those that wait is written. One that the job's end overtakes goes again. Used on one grain's
/// scheduler only.
/// </summary>
internal sealed class CheckpointWriter(IBlobStore blobs, JobStore store)
{
    private CheckpointContent? _waiting;
    private Task _writing = Task.CompletedTask;

    /// <summary>Ends, with its exception, when a write failed: the run must stop.</summary>
    public Task Writing => _writing;

    public void Post(CheckpointContent content)
    {
        _waiting = content;
        if (_writing.IsCompletedSuccessfully)
            _writing = WriteWaiting();
    }

    /// <summary>Writes nothing more, and waits for the write under way. Its failure was told before, or matters no more.</summary>
    public async Task Stop()
    {
        _waiting = null;
        await Task.WhenAny(_writing);
    }

    private async Task WriteWaiting()
    {
        while (_waiting is { } content)
        {
            _waiting = null;
            string replaced = store.Record.Checkpoint;
            string hash = await blobs.Put(content.Bytes);
            bool written = await store.Update(record => record with
            {
                State = JobState.Running,
                Phase = content.Phase,
                Restart = content.Restart,
                Iteration = content.Iteration,
                Objective = content.Objective,
                Best = content.Best,
                Checkpoint = hash,
                Error = "",
            });
            string unnamed = written ? replaced : hash;
            if (unnamed.Length > 0 && unnamed != store.Record.Checkpoint)
                await blobs.TryDelete(unnamed);
        }
    }
}
