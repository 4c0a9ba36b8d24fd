using System.Net;
using System.Net.Sockets;
using OrleansCluster.Cluster.Tests.Parts;

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
    [InlineData("Cluster:Connection names does not answer", "Folder=/tmp/x", "Clustering=redis", "Connection=127.0.0.1:1,connectTimeout=500")]
    [InlineData("Cluster:Connection names cannot be used", "Folder=/tmp/x", "Clustering=postgres", "Connection=Host=127.0.0.1;Port=1;Username=u;Database=d")]
    [InlineData("Cluster:Tls:Certificate (environment: Cluster__Tls__Certificate) names '/nowhere.pfx', where there is no file", "Folder=/tmp/x", "Tls:Certificate=/nowhere.pfx")]
    public async Task A_wrong_setting_is_one_message_that_names_its_key(string message, params string[] settings)
    {
        using var silo = new ChildProcess(
            "dotnet", [SiloCluster.Program, "silo", .. settings.SelectMany(setting => (string[])["--set", setting])], Path.GetTempPath());
        (await silo.EndAsync(TimeSpan.FromMinutes(1))).ShouldBe(message.Contains("Connection names", StringComparison.Ordinal) ? 1 : 2);
        silo.Output.ShouldContain(message);
        silo.Output.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("SiloPort")]
    [InlineData("GatewayPort")]
    public async Task A_port_that_is_taken_is_one_message(string key)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var silo = new ChildProcess("dotnet", [SiloCluster.Program, "silo", "--set", "Folder=" + Path.GetTempPath(), "--set", $"{key}={port}"], Path.GetTempPath());
        (await silo.EndAsync(TimeSpan.FromMinutes(1))).ShouldBe(1);
        silo.Output.ShouldContain($"127.0.0.1:{port}, as the setting Cluster:{key} (environment: Cluster__{key}) wants: another program listens there already");
        silo.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task An_address_where_nobody_listens_is_told_within_seconds()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        string address = free.LocalEndpoint.ToString()!;
        free.Stop();
        using var client = new ChildProcess("dotnet", [SiloCluster.Program, "--cluster", address, "models", "list"], Path.GetTempPath());
        (await client.EndAsync(TimeSpan.FromSeconds(18))).ShouldBe(1);
        client.Output.ShouldContain($"Nobody listens at {address}");
    }
}
