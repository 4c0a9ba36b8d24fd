namespace OrleansCluster.Training;

/// <summary>
/// The job's record and the one way to change it: one write at a time, under the ETag, and none after the job's end: what comes late (a checkpoint, say)
/// finds it over. Used on one grain's scheduler only.
/// </summary>
/// <param name="grain">The job's coordinator, already activated.</param>
/// <param name="state">Its state, already read.</param>
internal sealed class JobStore(Grain grain, IPersistentState<JobRecord> state)
{
    private readonly SemaphoreSlim _oneWrite = new(1);

    /// <summary>As last written by this activation.</summary>
    public JobRecord Record { get; private set; } = state.State;

    /// <returns>Whether the record is as changed; false: the job had ended, and its record stays as it is.</returns>
    /// <exception cref="ClusteringException">It could not be written; this activation is given up.</exception>
    public async Task<bool> Update(Func<JobRecord, JobRecord> change)
    {
        await _oneWrite.WaitAsync();
        try
        {
            if (Record.HasEnded())
                return false;
            JobRecord changed = change(Record);
            if (changed != Record)
                await grain.Write(state, changed);
            Record = changed;
            return true;
        }
        finally
        {
            _oneWrite.Release();
        }
    }
}
