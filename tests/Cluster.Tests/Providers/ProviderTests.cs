using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Cluster.Tests.Clusters;
using OrleansCluster.Cluster.Tests.Parts;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Silo.Clustering;
using OrleansCluster.Training;

namespace OrleansCluster.Cluster.Tests.Providers;

/// <summary>Silo processes on a provider: whatever happens to them, the bits are those of one process. The same for every provider.</summary>
[TestMethodOrderer(typeof(InOrder))]
public abstract class ProviderTests(SharedCluster shared)
{
    [Fact]
    public async Task One_silo_comes_to_the_digest_of_one_process()
    {
        SiloCluster cluster = await shared.WithAsync(1);
        string job = await StartAsync(cluster);
        await Job.ReachedAsync(cluster.Client, job, 1);
        (await shared.Server.RemindersAsync()).ShouldBeGreaterThan(0, "an unfinished job is remembered");
        await FinishAsync(cluster, job);
        (await shared.Server.RemindersAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("客户", "客户")]
    [InlineData("κόσμος", "κο\u0301σμος")]
    public async Task Names_in_any_script_are_kept_read_listed_and_deleted(string name, string typed)
    {
        ClusteringClient client = (await shared.WithAsync(1)).Client;
        DatasetVersion rows;
        await using (IDatasetImport import = await client.Datasets.ImportAsync(new DatasetSchema { Name = typed, Columns = ["x", "y"], Precision = "f4" }))
        {
            await import.AppendAsync(MemoryMarshal.AsBytes<float>([0, 0, 0, 1, 9, 9, 9, 8]).ToArray(), default, []);
            rows = await import.CommitAsync();
        }

        string job = await client.Jobs.StartAsync(new TrainingRequest { Dataset = typed, Model = typed, Options = new KMeansOptions { K = 2, Seed = 1 } });
        await Job.FinishAsync(client, job);
        (await client.Datasets.ListAsync()).Select(dataset => dataset.Name).ShouldContain(name);
        (await client.Models.ListAsync()).Select(model => model.Name).ShouldContain(name);
        (await client.Datasets.FindAsync(typed))!.Manifest.ShouldBe(rows.Manifest);
        Assignments answer = await client.Models.AssignAsync(name, 0, RowsPayloads.Of([0f, 0f, 9f, 9f], columns: 2));
        MemoryMarshal.Cast<byte, int>(answer.Labels.Span).ToArray().Distinct().Count().ShouldBe(2);

        ModelOutline model = (await client.Models.FindAsync(typed))!;
        await client.Models.DeleteAsync(typed, client.Models.Change(model.Info), version: 0, force: true);
        await client.Datasets.DeleteAsync(typed, version: 0, force: true);
        (await client.Models.ListAsync()).Select(one => one.Name).ShouldNotContain(name);
        (await client.Datasets.ListAsync()).Select(dataset => dataset.Name).ShouldNotContain(name);
        (await client.Datasets.FindAsync(name)).ShouldBeNull();
    }

    [Fact]
    public async Task A_silo_that_joins_while_a_job_runs_changes_nothing()
    {
        SiloCluster cluster = await shared.WithAsync(2);
        string job = await StartSpreadAsync(cluster, [5, 5]);
        await cluster.StartAsync(1);
        await FinishAsync(cluster, job);
    }

    [Fact]
    public async Task A_silo_that_is_killed_changes_nothing()
    {
        int kills = Numbers.Read("CLUSTERING_KILLS", 1), seed = Numbers.Read("CLUSTERING_KILL_SEED", Environment.TickCount);
        var random = new Random(seed);
        for (int kill = 0; kill < kills; kill++)
        {
            SiloCluster cluster = await shared.WithAsync(3);
            // Those that joined during the last job have their part of this one.
            string job = await StartSpreadAsync(cluster, [3, 3, 4]);
            await Job.ReachedAsync(cluster.Client, job, 1 + random.Next(20));
            cluster.Kill(random.Next(3));
            await FinishAsync(cluster, job, $"kill {kill} of seed {seed}");
        }
    }

    [Fact]
    public async Task A_job_pauses_while_the_server_is_away_for_a_minute()
    {
        SiloCluster cluster = await shared.WithAsync(3);
        string job = await StartAsync(cluster);
        await Job.ReachedAsync(cluster.Client, job, 2);
        await shared.Server.PauseAsync();
        // Far longer than a checkpoint's interval and a failed write's timeout together: the job meets the absence, and so do the silos' signs of life.
        // One that is told to end meanwhile cannot say so in the membership, and ends all the same.
        await Task.WhenAll(Task.Delay(TimeSpan.FromMinutes(1)), cluster.EndLastAsync());
        await shared.Server.ResumeAsync();
        await FinishAsync(cluster, job);
    }

    [Fact]
    public async Task Five_silos_come_to_the_same_digest()
    {
        SiloCluster cluster = await shared.WithAsync(5);
        await FinishAsync(cluster, await StartAsync(cluster));
    }

    [Fact]
    public async Task Everything_is_there_when_all_silos_were_ended_and_started_again()
    {
        SiloCluster cluster = await shared.WithAsync(3);
        string job = await StartAsync(cluster);
        await FinishAsync(cluster, job);
        int versions = (await cluster.Client.Models.FindAsync("model"))!.Versions.Length;
        await cluster.StopAsync();
        await cluster.StartAsync(3);
        ModelOutline model = (await cluster.Client.Models.FindAsync("model"))!;
        model.Versions.Select(version => version.Facts.Digest).ShouldBe(Enumerable.Repeat(Job.Digest, versions));
        (await cluster.Client.Jobs.FindAsync(job))!.State.ShouldBe(JobState.Succeeded);
        (await cluster.Client.Datasets.FindAsync("rows"))!.Shards.ShouldBe(Job.Shards);
    }

    [Fact]
    public async Task A_job_goes_on_when_all_silos_were_killed_and_one_comes_back()
    {
        SiloCluster cluster = await shared.WithAsync(3);
        string job = await StartAsync(cluster);
        await Job.ReachedAsync(cluster.Client, job, 3);
        while (cluster.Count > 0)
            cluster.Kill(0);
        // Nobody asks for the job: the newcomer finds it by itself.
        await cluster.StartAsync(1);
        await FinishAsync(cluster, job);
        (await cluster.Client.Jobs.ReportAsync(job))!.Resumed.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Nobody_is_shown_the_secret()
    {
        SiloCluster cluster = await shared.WithAsync(1);
        // One that tells everything it does.
        await cluster.StartAsync(1, ("Logging__LogLevel__Default", "Trace"), ("Logging__LogLevel__Orleans", "Trace"), ("Logging__LogLevel__Polly", "Trace"));
        Server server = shared.Server;
        string wrong = "another-" + server.Secret;
        var refused = await Should.ThrowAsync<ClusteringException>(SiloProcess.CreateAsync(
            [.. server.Settings.Select(setting => SiloCluster.Pair(setting.Replace(server.Secret, wrong, StringComparison.Ordinal))),
                SiloCluster.Pair("Folder=" + cluster.Folder), .. FreePorts()]));
        refused.Message.ShouldContain("Cluster:Connection");

        Dictionary<string, string> environment = SiloCluster.Environment(["Connection=" + server.Connection]);
        using var command = SiloCluster.Command(["--cluster", server.Kind, "models", "list"], cluster.Folder, environment);
        Exposure.Processes(server.Secret).ShouldBeEmpty();
        (await command.EndAsync(TimeSpan.FromMinutes(1))).ShouldBe(0, command.Output);
        command.Output.ShouldContain("model");

        Exposure.Files(cluster.Folder, server.Secret).ShouldBeEmpty();
        foreach (string output in (string[])[.. cluster.Outputs, refused.ToString(), command.Output])
            output.ShouldNotContain(server.Secret);
        cluster.Outputs.ShouldContain(output => output.Contains("trce:", StringComparison.Ordinal));
    }

    private static IEnumerable<KeyValuePair<string, string?>> FreePorts() =>
        new[] { "SiloPort", "GatewayPort" }.Select(key =>
            KeyValuePair.Create(key, (string?)ChildProcess.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private static Task<string> StartAsync(SiloCluster cluster) => cluster.Client.Jobs.StartAsync(Job.Request());

    /// <summary>
    /// Starts a job whose partitions are spread so. The silo that spreads them hears of one that joined a moment after the client does; a job that began before
    /// that is carried out by the others, and the next one is not.
    /// </summary>
    private static async Task<string> StartSpreadAsync(SiloCluster cluster, int[] spread)
    {
        const int attempts = 5;
        for (int attempt = 1; ; attempt++)
        {
            string job = await StartAsync(cluster);
            await Job.ReachedAsync(cluster.Client, job, 1);
            int[] found = await Partitions.BySilo(cluster, job);
            if (attempt == attempts)
                found.ShouldBe(spread);
            if (found.SequenceEqual(spread))
                return job;
            await FinishAsync(cluster, job);
        }
    }

    private static async Task FinishAsync(SiloCluster cluster, string job, string? told = null) =>
        (await Job.FinishAsync(cluster.Client, job)).ShouldBe(Job.Digest, told);
}
