using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCluster.Client;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;

namespace OrleansCluster.Grains.Tests.Serving;

/// <summary>What a silo keeps ready to answer.</summary>
public sealed class PreparedModelsTests(SharedCluster cluster)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_used_longest_ago_makes_room_and_who_has_it_keeps_it()
    {
        ClusteringClient client = cluster.NewTenant().Client();
        await client.Import("points", Rows.Clouds(300));
        var parameters = new List<string>();
        foreach (string name in (string[])["a", "b", "c"])
        {
            await client.Train(Rows.Request("points", name, k: 4, seed: (ulong)(parameters.Count + 1)));
            parameters.Add((await client.Models.ResolveAsync(ModelReference.Parse(name), Stop))!.Parameters);
        }

        parameters.ShouldBeUnique();
        IServiceProvider silo = cluster.Silos[0];
        PreparedModels Keep(long bytes) => new(
            silo.GetRequiredService<IBlobStore>(), silo.GetRequiredService<FamilyRegistry>(), new InlineCompute(),
            Options.Create(new ServingOptions { ModelBytes = bytes }));
        PreparedModels room = Keep(1 << 20);
        PreparedModel first = await room.Get(parameters[0], Stop);
        await room.Get(parameters[1], Stop);
        (await room.Get(parameters[0], Stop)).ShouldBeSameAs(first);

        PreparedModels two = Keep(2 * first.Bytes);
        PreparedModel a = await two.Get(parameters[0], Stop), b = await two.Get(parameters[1], Stop);
        (await two.Get(parameters[0], Stop)).ShouldBeSameAs(a);
        PreparedModel c = await two.Get(parameters[2], Stop);
        // Of three the one that was not asked for since goes.
        (await two.Get(parameters[0], Stop)).ShouldBeSameAs(a);
        (await two.Get(parameters[2], Stop)).ShouldBeSameAs(c);
        (await two.Get(parameters[1], Stop)).ShouldNotBeSameAs(b);
        var labels = new int[1];
        b.Ask<ILabels>("b").Assign(new RowBlock(new double[2], 2), labels, new double[1], Sequential.Instance);
        labels[0].ShouldBeInRange(0, 3);
        // What is larger than all there may be answers all the same.
        (await Keep(1).Get(parameters[0], Stop)).K.ShouldBe(4);
    }
}
