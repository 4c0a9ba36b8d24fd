using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Grains.Tests.Serving;

/// <summary>What silos know of models by themselves: no question goes through the model's own grain twice, and changes are heard at once.</summary>
public sealed class KnownModelsTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private readonly CallCounts _calls = new();
    private readonly float[] _rows = Rows.Clouds(200_000);
    private ClusterFixture _cluster = null!;
    private ClusteringClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        // Nobody waits for a lease to end here: what is heard of a change was told.
        _cluster = await ClusterFixture.StartAsync(
            new ClusterSetup { Home = _home.Path, Silos = 2, Threads = 2, Filter = _calls, Serving = options => options.RouteLease = TimeSpan.FromHours(1) });
        _client = _cluster.Client();
        await _client.Import("points", _rows);
        await _client.Train(Rows.Request("points", "m"));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task Ten_thousand_assignments_on_two_silos_ask_the_model_once_a_silo(int version)
    {
        ClusteringClient[] silos = OnEachSilo();
        RowsPayload row = Payload(_rows[..2]);
        _calls.Clear();
        foreach (ClusteringClient silo in silos)
            await silo.Models.AssignAsync("m", version, row);
        foreach (int[] some in Enumerable.Range(0, 10_000).Chunk(250))
            await Task.WhenAll(some.Select(i => silos[i % 2].Models.AssignAsync("m", version, row)));
        _calls.Of("oc.IAssignerGrain").ShouldBe(10_002);
        (_calls.Of("oc.IModelGrain") + _calls.Of("oc.IModelRoutes")).ShouldBe(2);
    }

    [Fact]
    public async Task What_the_bare_name_means_is_heard_on_every_silo_before_the_change_is_answered()
    {
        await _client.Train(Rows.Request("points", "m", k: 3));
        ClusteringClient[] silos = OnEachSilo();
        RowsPayload row = Payload(_rows[..2]);
        foreach (int champion in new[] { 1, 2, 1, 2, 1 })
        {
            await _client.Models.SetAliasAsync("m", await Change(), "champion", champion);
            foreach (ClusteringClient silo in silos)
                (await silo.Models.AssignAsync("m", 0, row)).Version.ShouldBe(champion);
        }

        await _client.Models.SetRouteAsync("m", await Change(),
            new RouteChange { Kind = RouteChangeKind.Set, Shares = [new RouteShare { Version = 2, Slots = ModelRoute.Whole }] });
        foreach (ClusteringClient silo in silos)
            (await silo.Models.AssignAsync("m", 0, row)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_version_that_is_pruned_is_refused_on_every_silo_from_then_on()
    {
        await _client.Train(Rows.Request("points", "m", k: 3));
        ClusteringClient[] silos = OnEachSilo();
        foreach (ClusteringClient silo in silos)
            await silo.Models.AssignAsync("m", 1, Payload(_rows[..2]));
        await _client.Models.PruneAsync("m", await Change(), new RetentionPolicy { Keep = 1 });
        foreach (ClusteringClient silo in silos)
            (await Should.ThrowAsync<ClusteringException>(silo.Models.AssignAsync("m", 1, Payload(_rows[..2])))).Message.ShouldContain("was pruned");
    }

    [Fact]
    public async Task A_dataset_is_assigned_shard_by_shard_at_once_and_answered_in_order()
    {
        _calls.Clear();
        var labels = new List<int>();
        await foreach (Assignments part in _client.Models.AssignDatasetAsync("m", 1, "points", 1))
            labels.AddRange(Rows.Labels(part.Labels));
        labels.Count.ShouldBe(200_000);
        for (int first = 0; first < 200_000; first += 50_000)
            labels[first..(first + 50_000)]
                .ShouldBe(Rows.Labels((await _client.Models.AssignAsync("m", 1, Payload(_rows[(2 * first)..(2 * (first + 50_000))]))).Labels));
        // Four shards, each a grain of its own that answers once with rows and once without.
        _calls.Of("oc.IShardAssignerGrain").ShouldBe(8);
    }

    [Fact]
    public async Task Whoever_stops_listening_stops_the_work()
    {
        await foreach (Assignments part in _client.Models.AssignDatasetAsync("m", 1, "points", 1))
        {
            part.Labels.Length.ShouldBe(65_536 * sizeof(int));
            break;
        }
    }

    [Fact]
    public async Task Rows_of_another_tenant_cannot_be_reached()
    {
        ClusteringClient other = _cluster.Client("other");
        await other.Import("own", _rows[..2000]);
        await other.Train(Rows.Request("own", "m", k: 2));
        var wanted = new ShardRows { Version = 1, Dataset = "points", DatasetVersion = 1, Shard = 0, Shards = 4, FirstRow = 0 };
        IAssignerGrain assigner = _cluster.Grains.GetGrain<IAssignerGrain>(GrainKeys.For("other", "m"));
        (await Should.ThrowAsync<ClusteringException>(assigner.AssignShard(wanted))).Message.ShouldBe("There is no version 1 of the dataset 'points'.");
        (await assigner.AssignShard(wanted with { Dataset = "own", Shards = 1 })).Labels.Length.ShouldBe(1000 * sizeof(int));
        (await Should.ThrowAsync<ClusteringException>(assigner.AssignShard(wanted with { Dataset = "own", Shard = 1 }))).Message.ShouldContain(
            "has 1 shards: shard 1 was asked for");
        (await Should.ThrowAsync<ClusteringException>(assigner.AssignShard(wanted with { Dataset = "../points" }))).Message.ShouldContain("contains '/'");
    }

    /// <summary>Clients inside the silos: what they ask of an assigner is asked of one on the same silo.</summary>
    private ClusteringClient[] OnEachSilo() => [.. _cluster.Silos.Select(silo => new ClusteringClient(silo.GetRequiredService<IGrainFactory>()))];

    private async Task<ModelChange> Change() => _client.Models.Change((await _client.Models.FindAsync("m"))!.Info);

    private static RowsPayload Payload(float[] values) => new() { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes(values.AsSpan()).ToArray() };

    private sealed class CallCounts : IIncomingGrainCallFilter
    {
        private readonly ConcurrentDictionary<string, int> _counts = new();

        public Task Invoke(IIncomingGrainCallContext context)
        {
            _counts.AddOrUpdate(context.InterfaceName, 1, (_, count) => count + 1);
            return context.Invoke();
        }

        public int Of(string alias) => _counts.Where(count => count.Key.EndsWith(alias[3..], StringComparison.Ordinal)).Sum(count => count.Value);

        public void Clear() => _counts.Clear();
    }
}
