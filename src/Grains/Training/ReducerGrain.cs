using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansCluster.Compute;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;

/// <inheritdoc cref="IReducerGrain"/>
[Reentrant]
public sealed class ReducerGrain(
    FamilyRegistry families, ICompute compute, LocalStatistics local, UsageMeter usage, TimeProvider time, IOptions<TrainingOptions> options,
    ILogger<ReducerGrain> log)
    : Grain, IReducerGrain
{
    private readonly CancellationTokenSource _stop = new();
    private StepLedger? _ledger;

    /// <summary>Every other step begins with the last child: where rows are more than memory holds, those that were read last are still in it.</summary>
    private bool _backwards;

    private StepLedger Ledger => _ledger ??= new StepLedger(time, local, this.GetGrainId());

    public Task<StepReply> Reduce(StepName step, TimeSpan wait, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Ledger.Join(step.Digest, () => MergeChildren(step with { Offset = 0 }), wait, cancellation, step.Offset);
    }

    public async Task Release(JobShards job, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        await _stop.CancelAsync();
        Ledger.Clear();
        (int level, int first, int count) = Children(job);
        var releases = new Task[count];
        for (int i = 0; i < count; i++)
        {
            releases[i] = level == 0
                ? Partition(job, first + i).Release(cancellation)
                : Reducer(job, level - 1, first + i).Release(job, cancellation);
        }

        await Task.WhenAll(releases);
        DeactivateOnIdle();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        Ledger.Clear();
    }

    /// <summary>The merge of all children. At most fan-in statistics are here at a time.</summary>
    private async Task<PooledBytes> MergeChildren(StepName step)
    {
        (int level, int first, int count) = Children(step.Job);
        var answers = new Task<PooledBytes>[count];
        bool backwards = _backwards;
        _backwards = !backwards;
        for (int asked = 0; asked < count; asked++)
        {
            int i = backwards ? count - 1 - asked : asked;
            answers[i] = level == 0 ? AskPartition(step, first + i) : AskReducer(step, level - 1, first + i);
        }

        PooledBytes[] statistics = await Task.WhenAll(answers);
        if (count == 1)
            return statistics[0];
        StatisticKinds kinds = families.FindPass(step.Job.Algorithm).Statistics;
        PooledBytes merged = await compute.Run(
            ComputePriority.Training, usage.Of(step.Job.Tenant, step.Job.Model).Training,
            parallel => StatisticMerge.Merge([.. statistics], parallel, kinds), _stop.Token);
        // Not after a failure: a merge that was given up may still be reading.
        foreach (PooledBytes statistic in statistics)
            statistic.Dispose();
        return merged;
    }

    private Task<PooledBytes> AskPartition(StepName step, int shard)
    {
        IPartitionGrain partition = Partition(step.Job, shard);
        return Await(step, partition, (offset, wait) =>
        {
            ShardPlacement.HintPartition(step.Job, shard);
            return partition.Execute(At(step, offset), wait);
        });
    }

    private Task<PooledBytes> AskReducer(StepName step, int level, int index)
    {
        IReducerGrain reducer = Reducer(step.Job, level, index);
        return Await(step, reducer, (offset, wait) =>
        {
            ShardPlacement.HintReducer(step.Job, level, index);
            return reducer.Reduce(At(step, offset), wait);
        });
    }

    private Task<PooledBytes> Await(StepName step, IGrainWithStringKey child, Func<int, TimeSpan, Task<StepReply>> ask)
        => StepCalls.Await(
            ask, () => local.Take(child.GetGrainId(), step.Digest), options.Value, time, _stop.Token,
            (failure, times) => log.AskedAgain(step.Job.Tenant, step.Job.Job, child.GetGrainId(), times, failure.Message));

    private static StepName At(StepName step, int offset) => offset == 0 ? step : step with { Offset = offset };

    private (int Level, int First, int Count) Children(JobShards job)
    {
        (_, _, int level, int index) = GrainKeys.ParseReducer(this.GetPrimaryKeyString());
        (int first, int count) = new ReductionTree(job.Shards, job.FanIn).Children(level, index);
        return (level, first, count);
    }

    private IPartitionGrain Partition(JobShards job, int shard) =>
        GrainFactory.GetGrain<IPartitionGrain>(GrainKeys.ForPartition(job.Tenant, job.Manifest, shard, job.Job));

    private IReducerGrain Reducer(JobShards job, int level, int index) =>
        GrainFactory.GetGrain<IReducerGrain>(GrainKeys.ForReducer(job.Tenant, job.Job, level, index));
}
