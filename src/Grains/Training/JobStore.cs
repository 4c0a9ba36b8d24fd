namespace OrleansCluster.Training;

/// <summary>The job's record and the one way to change it: one write at a time, under the ETag. Used on one grain's scheduler only.</summary>
/// <param name="grain">The job's coordinator, already activated.</param>
/// <param name="state">Its state, already read.</param>
internal sealed class JobStore(Grain grain, IPersistentState<JobRecord> state)
{
    private readonly SemaphoreSlim _oneWrite = new(1);

    /// <summary>As last written by this activation.</summary>
    public JobRecord Record { get; private set; } = state.State;

    /// <exception cref="ClusteringException">It could not be written; this activation is given up.</exception>
    public async Task Update(Func<JobRecord, JobRecord> change)
    {
        await _oneWrite.WaitAsync();
        try
        {
            JobRecord changed = change(Record);
            if (changed == Record)
                return;
            await grain.Write(state, changed);
            Record = changed;
        }
        finally
        {
            _oneWrite.Release();
        }
    }
}
