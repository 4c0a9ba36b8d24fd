using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;

namespace OrleansCluster.Grains.Tests.Models;

public sealed class AuditTrailTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_trail_is_complete_however_long_and_survives_the_process()
    {
        const int changes = 150;
        ModelInfo info;
        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = _home.Path }))
        {
            ClusteringClient client = cluster.Client();
            await client.Import("points", Rows.Clouds(3000));
            foreach (ulong seed in new ulong[] { 1, 2, 3 })
                await client.Train(Rows.Request("points", "m", restarts: 1, seed: seed));
            for (int i = 0; i < changes; i++)
                await client.Models.SetAliasAsync("m", client.Models.Change(await Info(client), $"person {i}", "because"), "live", 1 + (i % 3));
            info = await Info(client);
        }

        await using ClusterFixture again = await ClusterFixture.StartAsync(new ClusterSetup { Home = _home.Path });
        IModelClient models = again.Client().Models;
        // As text, because records compare arrays by identity, and what crossed a wire is never the same array.
        JsonSerializer.Serialize(await Info(again.Client())).ShouldBe(JsonSerializer.Serialize(info));
        info.Aliases.Single().Version.ShouldBe(1 + ((changes - 1) % 3));
        List<ModelEvent> events = await models.EventsAsync("m").ToListAsync();
        events.Select(e => e.Revision).ShouldBe(Enumerable.Range(1, changes + 3).Reverse().Select(i => (long)i));
        events.Where(e => e.Kind == ModelEvents.AliasSet).Select(e => e.By).ShouldBe(Enumerable.Range(0, changes).Reverse().Select(i => $"person {i}"));
        events.ShouldAllBe(e => e.Kind == ModelEvents.Published || e.Reason == "because");
        (await models.EventsAsync("m").Take(5).ToListAsync()).Count.ShouldBe(5);
    }

    private static async Task<ModelInfo> Info(ClusteringClient client) => (await client.Models.FindAsync("m"))!.Info;
}
