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
        (await silo.EndAsync(TimeSpan.FromMinutes(1))).ShouldNotBe(0);
        silo.Output.ShouldContain(message);
        silo.Output.ShouldNotContain("   at ");
    }
}
