using System.Diagnostics;

namespace OrleansCluster.Bench.Calls;

public interface IEchoGrain : IGrainWithIntegerKey
{
    Task<int> Echo(int value);

    ValueTask<int> EchoValue(int value);
}

public sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<int> Echo(int value) => Task.FromResult(value);

    public ValueTask<int> EchoValue(int value) => new(value);
}

/// <summary>A grain with a record, as most are.</summary>
public interface IRecordKeepingGrain : IGrainWithStringKey
{
    Task Touch();
}

public sealed class RecordKeepingGrain([PersistentState("state")] IPersistentState<RecordKeepingGrain.Record> record) : Grain, IRecordKeepingGrain
{
    public Task Touch() => record.State.Name is null ? Task.CompletedTask : record.WriteStateAsync();

    [GenerateSerializer]
    public sealed class Record
    {
        [Id(0)]
        public string? Name { get; set; }
    }
}

/// <summary>Calls other grains and takes the time.</summary>
public interface ICallerGrain : IGrainWithIntegerKey
{
    /// <summary>Awaits each call before the next.</summary>
    /// <returns>Seconds.</returns>
    Task<double> CallOneByOne(long target, int calls);

    /// <summary>Sends calls in groups and awaits each group.</summary>
    /// <returns>Seconds.</returns>
    Task<double> CallInGroups(long target, int calls, int group);
}

public sealed class CallerGrain : Grain, ICallerGrain
{
    public async Task<double> CallOneByOne(long target, int calls)
    {
        var echo = GrainFactory.GetGrain<IEchoGrain>(target);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
            await echo.Echo(i);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public async Task<double> CallInGroups(long target, int calls, int group)
    {
        var targets = Enumerable.Range(0, group).Select(i => GrainFactory.GetGrain<IEchoGrain>(target + i)).ToArray();
        var pending = new Task[group];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i += group)
        {
            for (var j = 0; j < group; j++)
                pending[j] = targets[j].Echo(i);
            await Task.WhenAll(pending);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
