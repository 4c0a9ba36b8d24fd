using System.Text.Json;

namespace OrleansCluster.Cli.Tests.Serving;

/// <summary>Commands that ask a service over HTTP.</summary>
[Collection(nameof(CommandLine))]
public sealed class ServerTests(ServedHome service) : IClassFixture<ServedHome>
{
    private const string Table = "samples/timezones/timezones.csv", Cities = "samples/timezones/cities.csv";

    [Fact]
    public async Task Everything_is_done_at_the_service_and_nothing_here()
    {
        string folder = Directory.CreateTempSubdirectory("orleanscluster-test-").FullName;
        try
        {
            JsonElement trained = (await AskAsync(
                "train", "kmeans", "--data", CommandLine.InRepository(Table), "--columns", "longitude,latitude", "--id-column", "zone", "--k", "6",
                "--restarts", "10", "--report", "json")).Json;
            // As the README shows for a training on a home.
            trained.GetProperty("digest").GetString().ShouldBe("a9da14201fb1b0f67d85859794db2bb8fa9b61893787dc9d2d323d0b195c54de");
            JsonElement cities = (await AskAsync(
                "assign", "--model", "timezones", "--data", CommandLine.InRepository(Cities), "--id-column", "city", "--report", "json")).Json;
            cities.ToString().ShouldContain("São Paulo");
            JsonElement all = (await AskAsync("assign", "--model", "timezones", "--data", "timezones", "--report", "json")).Json;
            all.GetProperty("rows").GetInt64().ShouldBe(418);
            await AskAsync("models", "promote", "timezones@1", "--reason", "why not");
            await AskAsync("retrain", "timezones", "--data", "timezones");
            (await AskAsync("models", "diff", "timezones@1", "@2")).Output.ShouldContain("timezones version 1 → 2  6 → 6 clusters");
            await AskAsync("route", "set", "timezones", "1=75%", "2=25%");
            (await AskAsync("route", "show", "timezones")).Output.ShouldContain("75%");
            await AskAsync("models", "policy", "timezones", "--churn", "2%");
            (await AskAsync("models", "audit", "timezones")).Output.ShouldContain("why not");
            (await AskAsync("explain", "timezones@1", "--data", CommandLine.InRepository(Cities), "--id-column", "city", "--rows", "1")).Output
                .ShouldContain("Paris");
            await AskAsync("models", "export", "timezones@1", Path.Combine(folder, "out"));
            File.Exists(Path.Combine(folder, "out", "parameters.json")).ShouldBeTrue();
            (await AskAsync("datasets", "verify", "timezones")).ExitCode.ShouldBe(0);
            await AskAsync("datasets", "append", "timezones", CommandLine.InRepository(Table));
            (await AskAsync("datasets", "list")).Output.ShouldContain("836");
            (await AskAsync("jobs", "list")).Output.ShouldContain("succeeded");
            Directory.Exists(Path.Combine(folder, "..", "home")).ShouldBeFalse();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task<Outcome> AskAsync(params string[] arguments) =>
            (await CommandLine.RunAsync(folder, [.. arguments, "--server", service.Address])).Succeeded();
    }

    [Fact]
    public async Task The_key_comes_from_the_environment_or_a_file_and_is_never_told()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, service.Key + "\n");
        try
        {
            (await RunAsync(null, null, "models", "list", "--server", service.Guarded, "--key-file", file)).Succeeded();
            (await RunAsync(service.Guarded, service.Key, "models", "list")).Succeeded();
            (await RunAsync(service.Guarded, null, "models", "list")).Refused(1).ShouldStartWith("Say who you are");
            string wrong = "oc_abcdefghij_" + new string('A', 43);
            Outcome refused = await RunAsync(service.Guarded, wrong, "models", "list");
            refused.Refused(1).ShouldStartWith("The key opens nothing");
            refused.Error.ShouldNotContain(wrong);
            (await RunAsync(service.Guarded, service.Key, "models", "promote", "nothing@1")).Refused(2).ShouldStartWith(
                "There is no model 'nothing' in this service.");
            Outcome broken = await RunAsync(service.Guarded, "two words", "models", "list");
            broken.Refused(2).ShouldStartWith("The key is empty, or has blanks");
            broken.Error.ShouldNotContain("two words");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Models_and_datasets_are_copied_from_a_service_to_a_home_and_to_another_service()
    {
        string folder = Directory.CreateTempSubdirectory("orleanscluster-test-").FullName;
        (string home, string key, string weak) = (Path.Combine(folder, "home"), Path.Combine(folder, "key"), Path.Combine(folder, "weak"));
        await File.WriteAllTextAsync(key, service.AdminKey);
        await File.WriteAllTextAsync(weak, service.Key);
        try
        {
            await AskAsync("datasets", "import", "moving", CommandLine.InRepository(Table), "--columns", "longitude,latitude", "--server", service.Address);
            await AskAsync("train", "kmeans", "--data", "moving", "--k", "3", "--model", "moving", "--server", service.Address);
            string there = await LabelsAsync("--server", service.Address);
            (await AskAsync("models", "copy", "moving", "--server", service.Address, "--to-home", home)).Output.Trim()
                .ShouldBe("moving: 1 version, 1 of them new there.");
            (await LabelsAsync("--home", home)).ShouldBe(there);
            (await AskAsync("datasets", "copy", "moving", "--server", service.Address, "--to-home", home)).Output.ShouldContain("1 version copied");
            await AskAsync("models", "tag", "moving@1", "from=home", "--home", home);

            // What is newer at home is gone on from at another service, of which a trainer may not say what versions are.
            (await CommandLine.RunAsync(folder, "models", "copy", "moving", "--home", home, "--to-server", service.Guarded, "--to-key-file", weak)).Refused(1)
                .ShouldStartWith("This needs the role admin");
            await AskAsync("models", "copy", "moving", "--home", home, "--to-server", service.Guarded, "--to-key-file", key);
            (await LabelsAsync("--server", service.Guarded, "--key-file", key)).ShouldBe(there);
            (await AskAsync("models", "show", "moving", "--server", service.Guarded, "--key-file", key)).Output.ShouldContain("from=home");
            (await AskAsync("models", "copy", "moving", "--home", home, "--to-server", service.Guarded, "--to-key-file", key)).Output
                .ShouldContain("0 of them new there");
            await AskAsync("datasets", "copy", "moving", "--server", service.Address, "--to-server", service.Guarded, "--to-key-file", key);
            (await AskAsync("datasets", "list", "--server", service.Guarded, "--key-file", key)).Output.ShouldContain("418");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task<Outcome> AskAsync(params string[] arguments) => (await CommandLine.RunAsync(folder, arguments)).Succeeded();

        async Task<string> LabelsAsync(params string[] where) => (await AskAsync(
            ["assign", "--model", "moving", "--data", CommandLine.InRepository(Cities), "--id-column", "city", .. where])).Output;
    }

    [Theory]
    [InlineData("Say where to, one place: --to ADDRESS of a cluster, --to-home DIR, or --to-server URL of a service.",
        "models", "copy", "m", "--server", "http://127.0.0.1:1")]
    [InlineData("Say where to, one place: --to ADDRESS of a cluster, --to-home DIR, or --to-server URL of a service.",
        "datasets", "copy", "m", "--to-home", "x", "--to-server", "http://127.0.0.1:1")]
    [InlineData("--to-key-file is for a service: name one with --to-server.", "models", "copy", "m", "--to-home", "x", "--to-key-file", "k")]
    [InlineData("'nowhere' is no address of a service: write it as https://HOST:PORT.", "models", "copy", "m", "--to-server", "nowhere")]
    [InlineData("'nowhere' is no address of a service: write it as https://HOST:PORT.", "models", "list", "--server", "nowhere")]
    [InlineData("--server and --home name two places: give one of them.", "models", "list", "--server", "http://127.0.0.1:1", "--home", "x")]
    [InlineData("--server and --cluster name two places: give one of them.", "models", "list", "--server", "http://127.0.0.1:1", "--cluster", "h:1")]
    [InlineData("--server and --tenant: at a service the key says whose datasets, models and jobs are meant.",
        "models", "list", "--server", "http://127.0.0.1:1", "--tenant", "t")]
    [InlineData("--key-file is for a service: name one with --server or ORLEANSCLUSTER_SERVER.", "models", "list", "--key-file", "k")]
    [InlineData("'demo' is done here and asks no service: leave --server out.", "demo", "--server", "http://127.0.0.1:1")]
    [InlineData("'serve' is done here and asks no service: leave --server out.", "serve", "--server", "http://127.0.0.1:1")]
    [InlineData("Tenants, keys, storage and backups are looked after where the cluster is run, and not over HTTP: name a home or a cluster.",
        "tenants", "list", "--server", "http://127.0.0.1:1")]
    public async Task What_cannot_be_done_so_is_said_in_a_line(string told, params string[] arguments) =>
        (await RunAsync(null, null, arguments)).Refused(2).ShouldBe(told);

    [Fact]
    public async Task A_service_that_is_away_or_another_is_told_by_its_address()
    {
        (await RunAsync(null, null, "models", "list", "--server", "http://127.0.0.1:1")).Refused(1)
            .ShouldStartWith("The service at http://127.0.0.1:1/ does not answer: ");
        (await RunAsync(null, null, "models", "list", "--server", service.Address + "elsewhere")).Refused(1).ShouldBe(
            $"The service at {service.Address}elsewhere/ is of another version than this client and cannot answer it: use the same version of both.");
    }

    private static async Task<Outcome> RunAsync(string? server, string? key, params string[] arguments)
    {
        try
        {
            Environment.SetEnvironmentVariable("ORLEANSCLUSTER_SERVER", server);
            Environment.SetEnvironmentVariable("ORLEANSCLUSTER_KEY", key);
            return await CommandLine.RunAsync(Path.GetTempPath(), arguments);
        }
        finally
        {
            Environment.SetEnvironmentVariable("ORLEANSCLUSTER_SERVER", null);
            Environment.SetEnvironmentVariable("ORLEANSCLUSTER_KEY", null);
        }
    }
}
