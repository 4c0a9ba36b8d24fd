using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Embedded;
using Orleans.Hosting;

namespace OrleansCluster.Embedded.Tests;

/// <summary>What a simulation replaces: who runs turns, and who carries calls.</summary>
public sealed class SeamTests
{
    [Fact]
    public async Task Turns_run_only_when_and_where_the_scheduler_says()
    {
        var scheduler = new ManualScheduler();
        await using var host = await TestHost.StartAsync(silo => silo.Services.AddSingleton<ITurnScheduler>(scheduler));
        var calls = Enumerable.Range(0, 3).Select(i => host.Grains.GetGrain<ITestGrain>($"g{i}").Touch()).ToArray();
        host.Journal.Notes.ShouldBeEmpty();
        scheduler.RunAll(order: [2, 0, 1]);
        host.Journal.Notes.ShouldBe(["g2 begins", "g0 begins", "g1 begins"]);
        calls.ShouldAllBe(call => call.IsCompletedSuccessfully);
        scheduler.RunFreely();
    }

    [Fact]
    public async Task A_lost_request_does_not_run_and_times_out()
    {
        await using var host = await StartLossyAsync();
        host.Services.GetRequiredService<LossyTransport>().LosesRequests = true;
        var call = host.Grains.GetGrain<ITestGrain>("g").Touch();
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await Should.ThrowAsync<TimeoutException>(call.WaitAsync(TestHost.Patience));
        host.Services.GetRequiredService<LossyTransport>().LosesRequests = false;
        (await host.Grains.GetGrain<ITestGrain>("g").Touch()).ShouldBe(1);
    }

    [Fact]
    public async Task A_call_whose_reply_is_lost_has_run_and_times_out()
    {
        await using var host = await StartLossyAsync();
        var transport = host.Services.GetRequiredService<LossyTransport>();
        transport.LosesReplies = true;
        var call = host.Grains.GetGrain<ITestGrain>("g").Touch();
        await transport.Lost.WaitAsync(TestHost.Patience);
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await Should.ThrowAsync<TimeoutException>(call.WaitAsync(TestHost.Patience));
        transport.LosesReplies = false;
        (await host.Grains.GetGrain<ITestGrain>("g").Touch()).ShouldBe(2);
    }

    [Fact]
    public async Task Several_silos_share_grains_through_a_transport()
    {
        var network = new Network();
        await using var a = await StartInAsync(network);
        await using var b = await StartInAsync(network);
        network.Add(a.Services);
        network.Add(b.Services);
        for (var i = 0; i < 8; i++)
        {
            (await a.Grains.GetGrain<ITestGrain>($"g{i}").Touch()).ShouldBe(1);
            (await b.Grains.GetGrain<ITestGrain>($"g{i}").Touch()).ShouldBe(2);
        }

        a.Journal.Notes.Length.ShouldBe(4);
        b.Journal.Notes.Length.ShouldBe(4);
    }

    private static Task<TestHost> StartLossyAsync() => TestHost.StartAsync(silo =>
    {
        silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(10));
        silo.Services.AddSingleton<LossyTransport>();
        silo.Services.AddSingleton<ITransport>(services => services.GetRequiredService<LossyTransport>());
    });

    private static Task<TestHost> StartInAsync(Network network) => TestHost.StartAsync(silo => silo.Services.AddSingleton<ITransport>(network));

    private sealed class LossyTransport(ICallReceiver receiver) : ITransport
    {
        private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool LosesRequests { get; set; }

        public bool LosesReplies { get; set; }

        public Task Lost => _lost.Task;

        public void Send(Call call)
        {
            if (!LosesRequests)
                receiver.Deliver(call);
        }

        public void Reply(Call call)
        {
            if (LosesReplies)
                _lost.TrySetResult();
            else
                call.Answer();
        }
    }

    /// <summary>Grains live on the silo that the digit at the end of their key says.</summary>
    private sealed class Network : ITransport
    {
        private readonly List<IServiceProvider> _silos = [];

        public void Add(IServiceProvider silo) => _silos.Add(silo);

        public void Send(Call call) =>
            _silos[(call.TargetId.Key.ToString()[^1] - '0') % _silos.Count].GetRequiredService<ICallReceiver>().Deliver(call);

        public void Reply(Call call) => call.Answer();
    }

    private sealed class ManualScheduler : ITurnScheduler
    {
        private readonly List<ITurnQueue> _ready = [];
        private bool _free;

        public void Schedule(ITurnQueue queue)
        {
            if (_free)
                ThreadPool.UnsafeQueueUserWorkItem(static q => { while (q.RunTurn()) { } }, queue, preferLocal: false);
            else
                _ready.Add(queue);
        }

        /// <summary>Runs, on this thread, what is ready in the given order, and then whatever becomes ready.</summary>
        public void RunAll(int[] order)
        {
            ITurnQueue[] first = [.. order.Select(i => _ready[i])];
            _ready.Clear();
            _ready.AddRange(first);
            for (var i = 0; i < _ready.Count; i++)
            {
                while (_ready[i].RunTurn()) { }
            }

            _ready.Clear();
        }

        /// <summary>From now on turns run on the thread pool.</summary>
        public void RunFreely() => _free = true;
    }
}
