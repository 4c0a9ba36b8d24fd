using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using OrleansCluster.Client;
using OrleansCluster.Cluster.Tests.Parts;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>Silos that cannot start say which setting is wrong.</summary>
public sealed class SiloStartTests
{
    [Theory]
    [InlineData("Cluster:Connection (environment: Cluster__Connection) is missing", "Clustering=redis", "Folder=/tmp/x")]
    [InlineData("Cluster:Clustering (environment: Cluster__Clustering) is 'zookeeper': give one of localhost, redis, postgres, azure", "Clustering=zookeeper")]
    [InlineData("Cluster:Folder (environment: Cluster__Folder) is missing")]
    [InlineData("Cluster:SiloPort (environment: Cluster__SiloPort) is 70000: give a number from 1 to 65535", "Folder=/tmp/x", "SiloPort=70000")]
    [InlineData("Cluster:Colour (environment: Cluster__Colour) is unknown", "Folder=/tmp/x", "Colour=red")]
    [InlineData("Cluster:Rehearse (environment: Cluster__Rehearse) is 'maybe': give true or false", "Folder=/tmp/x", "Rehearse=maybe")]
    [InlineData("Cluster:Monitoring:WindowMinutes (environment: Cluster__Monitoring__WindowMinutes) is 50, which does not divide a day",
        "Folder=/tmp/x", "Monitoring:WindowMinutes=50")]
    [InlineData("Cluster:Tls:Certificate (environment: Cluster__Tls__Certificate) names '/nowhere.pfx', where there "
        + "is no file", "Folder=/tmp/x", "Tls:Certificate=/nowhere.pfx")]
    [InlineData("Cluster:ConnectionFile (environment: Cluster__ConnectionFile) names '/nowhere', which "
        + "cannot be read", "Folder=/tmp/x", "Clustering=redis", "ConnectionFile=/nowhere")]
    [InlineData("Cluster:ConnectionFile (environment: Cluster__ConnectionFile) names a file, and Cluster:Connection is "
        + "given as well", "Connection=a", "ConnectionFile=/nowhere")]
    [InlineData("Cluster:Name (environment: Cluster__Name) is 'Our_Cluster': containers of a storage account are "
        + "named after it", "Clustering=azure", "Blobs=azure", "Connection=AccountName=a", "Name=Our_Cluster")]
    public async Task A_wrong_setting_is_one_message_that_names_its_key(string message, params string[] settings) =>
        (await Should.ThrowAsync<SettingsException>(CreateAsync(settings))).Message.ShouldContain(message);

    [Theory]
    [InlineData("Cluster:Connection names does not answer", "Folder=/tmp/x", "Clustering=redis", "Connection=127.0.0.1:1,connectTimeout=500")]
    [InlineData("Cluster:Connection names cannot be used", "Folder=/tmp/x", "Clustering=postgres", "Connection=Host=127.0.0.1;Port=1;Username=u;Database=d")]
    [InlineData("Cluster:Connection names cannot be used: "
        + "Connection refused", "Clustering=azure", "Blobs=azure",
            "Connection=AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:1/a;TableEndpoint=http://127.0.0.1:1/a")]
    [InlineData("Cluster:Connection names cannot be used: it has no "
        + "AccountKey", "Clustering=azure", "Blobs=azure", "Connection=BlobEndpoint=http://127.0.0.1:1/a")]
    [InlineData("Cluster:BlobConnection names cannot be used: it is no list of KEY=VALUE", "Folder=/tmp/x", "Blobs=azure", "BlobConnection=my account")]
    public async Task A_server_that_cannot_be_used_is_one_message_that_names_the_setting(string message, params string[] settings)
    {
        string told = (await Should.ThrowAsync<ClusteringException>(
            CreateAsync([.. settings, $"SiloPort={ChildProcess.FreePort()}", $"GatewayPort={ChildProcess.FreePort()}"]))).Message;
        told.ShouldContain(message);
        told.ShouldNotContain("YQ==");
        told.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("SiloPort")]
    [InlineData("GatewayPort")]
    public async Task A_port_that_is_taken_is_one_message(string key)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        string other = key == "SiloPort" ? "GatewayPort" : "SiloPort";
        (await Should.ThrowAsync<ClusteringException>(
            CreateAsync("Folder=" + Path.GetTempPath(), $"{key}={port}", $"{other}={ChildProcess.FreePort()}"))).Message
            .ShouldContain($"127.0.0.1:{port}, as the setting Cluster:{key} (environment: Cluster__{key}) wants: another program listens there already");
    }

    [Theory]
    [InlineData(2, "Cluster:Colour (environment: Cluster__Colour) is unknown", "Folder=/tmp/x", "Colour=red")]
    [InlineData(1, "Cluster:Connection names does not answer", "Folder=/tmp/x", "Clustering=redis", "Connection=127.0.0.1:1,connectTimeout=500")]
    [InlineData(2, "--set Connection holds a password or key", "Clustering=redis", "Connection=127.0.0.1:1,password=open-sesame")]
    public async Task The_command_ends_with_the_message_and_its_code(int code, string message, params string[] settings)
    {
        using var silo = SiloCluster.Command(["silo", .. settings.SelectMany(setting => (string[])["--set", setting])], Path.GetTempPath());
        (await silo.EndAsync(TimeSpan.FromMinutes(1))).ShouldBe(code);
        silo.Output.ShouldContain(message);
        silo.Output.ShouldNotContain("   at ");
        silo.Output.ShouldNotContain("open-sesame");
    }

    [Fact]
    public async Task A_client_that_is_given_a_secret_on_its_command_line_refuses_and_says_how()
    {
        using var client = SiloCluster.Command(["--cluster", "azure:AccountName=a;AccountKey=b3BlbiBzZXNhbWU=", "models", "list"], Path.GetTempPath());
        (await client.EndAsync(TimeSpan.FromMinutes(1))).ShouldBe(2);
        client.Output.ShouldContain("give it in the environment as Cluster__Connection, or in a file that Cluster__ConnectionFile names, and write "
            + "--cluster azure.");
        client.Output.ShouldNotContain("b3BlbiBzZXNhbWU=");
    }

    [Fact]
    public async Task An_address_where_nobody_listens_is_told_within_seconds()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        string address = free.LocalEndpoint.ToString()!;
        free.Stop();
        using var client = SiloCluster.Command(["--cluster", address, "models", "list"], Path.GetTempPath());
        (await client.EndAsync(TimeSpan.FromSeconds(18))).ShouldBe(1);
        client.Output.ShouldContain($"Nobody listens at {address}");
    }

    [Fact]
    public async Task What_runs_beside_a_silo_begins_when_its_grains_answer_and_ends_while_they_still_do()
    {
        string folder = Directory.CreateTempSubdirectory("orleanscluster-beside-").FullName;
        try
        {
            int port = ChildProcess.FreePort();
            string[] settings = [$"Folder={folder}", $"SiloPort={port}", $"GatewayPort={ChildProcess.FreePort()}", $"Primary=127.0.0.1:{port}", "Threads=1"];
            var beside = new Beside();
            using IHost silo = await SiloProcess.CreateAsync(settings.Select(SiloCluster.Pair), beside: beside.BeginAsync);
            await silo.StartAsync();
            beside.Told.ShouldBe(["began"]);
            await silo.StopAsync();
            beside.Told.ShouldBe(["began", "ended"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<IHost> CreateAsync(params string[] settings) => SiloProcess.CreateAsync(settings.Select(SiloCluster.Pair));

    /// <summary>Asks a grain when it begins and when it ends.</summary>
    private sealed class Beside : IAsyncDisposable
    {
        private IGrainFactory? _grains;

        public List<string> Told { get; } = [];

        public async Task<IAsyncDisposable> BeginAsync(IGrainFactory grains, CancellationToken cancellation)
        {
            _grains = grains;
            (await new ClusteringClient(grains).Models.ListAsync(cancellation)).ShouldBeEmpty();
            Told.Add("began");
            return this;
        }

        public async ValueTask DisposeAsync()
        {
            (await new ClusteringClient(_grains!).Models.ListAsync()).ShouldBeEmpty();
            Told.Add("ended");
        }
    }
}
