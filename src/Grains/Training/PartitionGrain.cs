using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Orleans.Concurrency;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;

/// <inheritdoc cref="IPartitionGrain"/>
[Reentrant]
public sealed class PartitionGrain(
    FamilyRegistry families, ShardCache shards, StepCache steps, LocalStatistics local, ICompute compute, UsageMeter usage, TenantLimits limits,
    TimeProvider time)
    : Grain, IPartitionGrain
{
    /// <summary>How long an idle partition of a living job keeps its caches.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _oneStep = new(1);
    private StepLedger? _ledger;
    private ShardLease? _shard;
    private (string Pass, IShardWorker Worker)? _worker;

    private StepLedger Ledger => _ledger ??= new StepLedger(time, local, this.GetGrainId());

    public Task<StepReply> Execute(StepName step, TimeSpan wait, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        DelayDeactivation(KeepAlive);
        return Ledger.Join(step.Digest, () => Compute(step), wait, cancellation, step.Offset);
    }

    public async Task<ShardSample> Read(ImmutableArray<int> rows, CancellationToken cancellation = default)
    {
        DelayDeactivation(KeepAlive);
        CancellationToken stop = _stop.Token;
        await _oneStep.WaitAsync(stop);
        try
        {
            ShardLease shard = await OpenShard(stop);
            return await compute.Run(ComputePriority.Training, _ => Take(shard, rows), stop);
        }
        finally
        {
            _oneStep.Release();
        }
    }

    public async Task Release(CancellationToken cancellation = default)
    {
        await LetGo();
        DeactivateOnIdle();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => LetGo();

    private async Task<PooledBytes> Compute(StepName step)
    {
        CancellationToken stop = _stop.Token;
        // A worker computes one step at a time; a second one asked for meanwhile waits here.
        await _oneStep.WaitAsync(stop);
        try
        {
            // A partition that is let go of does not wait: a coordinator on its way out answers nobody before it has let go of its partitions.
            StepLease content = await steps.Get(step.Digest, () => Fetch(step)).WaitAsync(stop);
            if (_worker is not { } open || open.Pass != step.Job.Algorithm)
                _worker = open = (step.Job.Algorithm, await OpenWorker(step.Job.Algorithm, stop));
            IShardWorker worker = open.Worker;
            EncodedStep encoded = content.Step;
            await limits.Weigh(step.Job.Tenant);
            PooledBytes statistic = await compute.Run(
                ComputePriority.Training, usage.Of(step.Job.Tenant, step.Job.Model).Training, parallel => worker.Execute(encoded, parallel, stop), stop);
            // Not after a failure: a worker that was given up may still be reading.
            content.Dispose();
            return statistic;
        }
        catch (Exception e)
        {
            // Its caches may be half updated.
            _worker = null;
            throw Failures.Translate(e);
        }
        finally
        {
            _oneStep.Release();
        }
    }

    private async Task<IShardWorker> OpenWorker(string pass, CancellationToken cancellation)
    {
        ShardLease shard = await OpenShard(cancellation);
        IPass found = families.FindPass(pass);
        return shard.Sparse is { } sparse ? found.CreateWorker(sparse) : new PreparationShardWorker(shard.Rows, found.CreateWorker);
    }

    private async Task<ShardLease> OpenShard(CancellationToken cancellation)
    {
        (_, string manifest, int shard, _) = GrainKeys.ParsePartition(this.GetPrimaryKeyString());
        return _shard ??= await shards.Open(manifest, shard, cancellation);
    }

    private static ShardSample Take(ShardLease shard, ImmutableArray<int> rows)
    {
        int rowBytes = shard.Columns * (int)shard.Precision;
        var values = new byte[rows.Length * rowBytes];
        for (int i = 0; i < rows.Length; i++)
        {
            RowBlock row = shard.Dense(rows[i], 1);
            (row.Precision == Precision.Float32 ? MemoryMarshal.AsBytes(row.Float32.Span) : MemoryMarshal.AsBytes(row.Float64.Span))
                .CopyTo(values.AsSpan(i * rowBytes));
        }

        double[] weights = shard.Weights.IsEmpty ? [] : [.. rows.Select(row => shard.Weights.Span[row])];
        return new ShardSample { Values = values, Weights = MemoryMarshal.AsBytes<double>(weights).ToArray() };
    }

    /// <summary>Reads the step from the coordinator, piece by piece.</summary>
    private async Task<PooledBytes> Fetch(StepName step)
    {
        ITrainingGrain coordinator = GrainFactory.GetGrain<ITrainingGrain>(GrainKeys.For(step.Job.Tenant, step.Job.Job));
        StepChunk chunk = await coordinator.ReadStep(step.Digest, 0);
        var bytes = PooledBytes.Rent(chunk.Length, out Memory<byte> unfilled);
        int filled = 0;
        while (true)
        {
            chunk.Bytes.CopyTo(unfilled);
            unfilled = unfilled[chunk.Bytes.Length..];
            filled += chunk.Bytes.Length;
            if (filled == bytes.Length)
                return bytes;
            chunk = await coordinator.ReadStep(step.Digest, filled);
            if (chunk.Bytes.Length == 0)
                throw new ClusteringException($"The step {step.Digest} ended after {filled} of {bytes.Length} bytes.");
        }
    }

    private async Task LetGo()
    {
        await _stop.CancelAsync();
        Ledger.Clear();
        // The rows stay mapped until the running step has seen the cancellation.
        await _oneStep.WaitAsync();
        _oneStep.Release();
        _worker = null;
        _shard?.Dispose();
        _shard = null;
    }
}
