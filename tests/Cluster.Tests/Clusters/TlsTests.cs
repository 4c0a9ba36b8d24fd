using OrleansCluster.Cluster.Tests.Parts;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>Silos and clients that show each other certificates of one authority.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task Silos_and_clients_of_one_authority_train_and_others_are_refused()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        using var certificates = new Certificates();
        await using var cluster = new SiloCluster([.. redis.Settings, .. certificates.Settings]);
        await cluster.StartAsync(2);
        await Job.ImportAsync(cluster.Client);
        (await Job.FinishAsync(cluster.Client, await cluster.Client.Jobs.StartAsync(Job.Request()))).ShouldBe(Job.Digest);

        using var strangers = new Certificates();
        string[] refused = await Task.WhenAll(Refused(cluster.Address), Refused(cluster.Address, strangers.Settings));
        refused[0].ShouldContain("Silos that have Cluster:Tls answer clients that have it only");
        refused[1].ShouldContain("certificates of the same authority");
        // Neither harmed the cluster.
        (await cluster.Client.Models.VersionAsync("model"))!.Training.Digest.ShouldBe(Job.Digest);
    }

    private static async Task<string> Refused(string address, params string[] settings)
    {
        return (await Should.ThrowAsync<ClusteringException>(ClusterConnection.OpenAsync(address, settings.Select(SiloCluster.Pair)))).Message;
    }
}
