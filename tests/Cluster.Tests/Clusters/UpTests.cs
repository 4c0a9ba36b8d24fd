using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cluster.Tests.Parts;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>A cluster that <c>up</c> starts on storage with a key.</summary>
public sealed class UpTests
{
    [Fact]
    public async Task Up_makes_a_key_for_Azurite_that_its_silos_alone_know()
    {
        Assert.SkipWhen(ChildProcess.OnPath("azurite") is null, "NOT RUN on Azure storage: azurite is not on the path (npm install -g azurite).");
        await CycleAsync(new Dictionary<string, string>(), 3, "silos are up on Azurite", silo =>
        {
            string environment = File.ReadAllText($"/proc/{silo}/environ");
            string connection = environment.Split('\0').Single(line => line.StartsWith("Cluster__Connection=", StringComparison.Ordinal));
            return connection.Split("AccountKey=", 2)[1].Split(';', 2)[0];
        });
    }

    [Fact]
    public async Task Up_uses_the_account_that_a_file_names()
    {
        await using AzuriteServer azurite = await AzuriteServer.StartAsync();
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, azurite.Connection);
            await CycleAsync(new Dictionary<string, string> { ["Cluster__ConnectionFile"] = file }, 1,
                "1 silo is up on the storage account of Cluster:Connection", _ => azurite.Secret);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task CycleAsync(Dictionary<string, string> environment, int silos, string told, Func<int, string> secret)
    {
        DirectoryInfo home = Directory.CreateTempSubdirectory("cluster-up-");
        try
        {
            string count = silos.ToString(CultureInfo.InvariantCulture);
            string up = await RunAsync("--home", home.FullName, "up", "--silos", count, "--store", "azure", "--threads", "1");
            up.ShouldContain(told);
            string address = up.Split('\n').Single(line => line.StartsWith("127.0.0.1:", StringComparison.Ordinal));
            address.Split(',').Length.ShouldBe(silos);
            using JsonDocument note = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(home.FullName, "cluster", "processes.json")));
            string key = secret(note.RootElement.GetProperty("Silos")[0].GetProperty("Id").GetInt32());
            key.Length.ShouldBeGreaterThan(20);

            string data = Path.Combine(home.FullName, "rows.csv");
            await File.WriteAllTextAsync(data, "x,y\n0,0\n0,1\n9,9\n9,8\n");
            string trained = await RunAsync("--home", home.FullName, "--cluster", address, "train", "kmeans", "--data", data, "--k", "2");
            Exposure.Processes(key).ShouldBeEmpty();
            Exposure.Files(home.FullName, key).ShouldBeEmpty();
            (up + trained).ShouldNotContain(key);
        }
        finally
        {
            await RunAsync("--home", home.FullName, "down");
            home.Delete(recursive: true);
        }

        async Task<string> RunAsync(params string[] arguments)
        {
            using var command = SiloCluster.Command([.. arguments], home.FullName, environment);
            (await command.EndAsync(TimeSpan.FromMinutes(4))).ShouldBe(0, command.Output);
            return command.Output;
        }
    }
}
