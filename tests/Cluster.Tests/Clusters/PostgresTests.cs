using OrleansCluster.Cluster.Tests.Parts;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>Silo processes with everything in PostgreSQL: membership, state, reminders and blobs.</summary>
public sealed class PostgresTests
{
    [Fact]
    public async Task Everything_can_be_in_PostgreSQL()
    {
        string? scripts = Environment.GetEnvironmentVariable("ORLEANS_SQL_SCRIPTS");
        Assert.SkipWhen(string.IsNullOrEmpty(scripts), "NOT RUN on PostgreSQL: ORLEANS_SQL_SCRIPTS does not name a folder with Orleans' SQL scripts.");
        await using PostgresServer server = await PostgresServer.StartAsync();
        KeyValuePair<string, string?>[] settings = [KeyValuePair.Create("Connection", (string?)server.Connection)];
        (await OrleansTables.CreateAsync(settings, scripts!)).Count.ShouldBeGreaterThan(0);
        (await OrleansTables.CreateAsync(settings, scripts!)).ShouldBeEmpty();

        await using var cluster = new SiloCluster("Clustering=postgres", "Blobs=postgres", "Connection=" + server.Connection);
        await cluster.StartAsync(2);
        await Job.ImportAsync(cluster.Client);
        string job = await cluster.Client.Jobs.StartAsync(Job.Request());
        await Job.ReachedAsync(cluster.Client, job, 3);
        cluster.Kill(1);
        (await Job.FinishAsync(cluster.Client, job)).ShouldBe(Job.Digest);

        string paused = await cluster.Client.Jobs.StartAsync(Job.Request());
        await Job.ReachedAsync(cluster.Client, paused, 2);
        await server.PauseAsync();
        await Task.Delay(TimeSpan.FromMinutes(1));
        await server.ResumeAsync();
        (await Job.FinishAsync(cluster.Client, paused)).ShouldBe(Job.Digest);

        await cluster.StopAsync();
        await cluster.StartAsync(1);
        (await cluster.Client.Models.VersionAsync("model"))!.Training.Digest.ShouldBe(Job.Digest);
    }
}
