using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OrleansCluster.Bench.Calls;

/// <summary>What a call between two grains costs, beside what two hops through the thread pool cost on the same machine.</summary>
public class CallBenchmarks
{
    private const int Calls = 20_000;

    private IHost _host = null!;
    private ICallerGrain _caller = null!;
    private IEchoGrain _echo = null!;

    [GlobalSetup]
    public async Task Setup()
    {
        _host = await CallHost.StartAsync();
        var grains = _host.Services.GetRequiredService<IGrainFactory>();
        (_caller, _echo) = (grains.GetGrain<ICallerGrain>(0), grains.GetGrain<IEchoGrain>(1));
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <summary>What no framework that keeps grains off their caller's stack can beat: work queued there, and its answer queued back.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public async Task TwoHops()
    {
        await Task.Yield();
        for (var i = 0; i < Calls; i++)
        {
            var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Answer.SetResult(state.Value), (Answer: answer, Value: i), preferLocal: true);
            await answer.Task;
        }
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task GrainToGrain() => _caller.CallOneByOne(1, Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task GrainTo16Grains() => _caller.CallInGroups(100, Calls, 16);

    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task ClientToGrain()
    {
        for (var i = 0; i < Calls; i++)
            await _echo.Echo(i);
    }
}
