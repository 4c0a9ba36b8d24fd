using Microsoft.Extensions.Configuration;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cluster.Tests.Settings;

/// <summary>Which parts of connections and messages are secret.</summary>
public sealed class SecretsTests
{
    [Theory]
    [InlineData("redis.example:6379,user=u,password=p@ss=word,ssl=true", "p@ss=word")]
    [InlineData("Host=db;Username=u;Password=a,b c;Database=d", "a,b c")]
    [InlineData("Host=db;PWD=\"a;b\";Database=d", "a;b")]
    [InlineData("Host=db;SSL Password='x;y'", "x;y")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0==;EndpointSuffix=core.windows.net", "c2VjcmV0==")]
    [InlineData("BlobEndpoint=https://a;SharedAccessSignature=sv=2021&ss=b&sig=abc%3D", "sv=2021&ss=b&sig=abc%3D", "abc%3D")]
    [InlineData("https://a.blob.core.windows.net/c?sv=2021&sig=abc%3D&se=2030", "abc%3D")]
    [InlineData("postgres://user:opensesame@host/db", "opensesame")]
    [InlineData("Tls:Password=hush", "hush")]
    [InlineData("redis.example:6379,ssl=true")]
    [InlineData("AccountName=a")]
    [InlineData("Host=db;Username=u;Database=d")]
    [InlineData("127.0.0.1:30000,127.0.0.1:30001")]
    [InlineData("--data run_sig=0.5.csv")]
    public void They_are_found_and_hidden(string text, params string[] secrets)
    {
        Secrets.In(text).ShouldBe(secrets, ignoreOrder: true);
        string hidden = Secrets.Hide(text);
        foreach (string secret in secrets)
            hidden.ShouldNotContain(secret);
        if (secrets.Length == 0)
            hidden.ShouldBe(text);
    }

    [Fact]
    public void A_connection_can_come_from_a_file_and_settings_written_down_do_not_show_it()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "redis.example:6379,password=hush\n");
            ClusterSettings settings = Read("Clustering=redis", "ConnectionFile=" + file, "Folder=/tmp/x");
            settings.Connection.ShouldBe("redis.example:6379,password=hush");
            settings.ToString().ShouldNotContain("hush");
            File.WriteAllText(file, "redis.example:6379\npassword=hush\n");
            string told = Should.Throw<SettingsException>(() => Read("Clustering=redis", "ConnectionFile=" + file, "Folder=/tmp/x")).Message;
            told.ShouldContain("must hold one line");
            told.ShouldNotContain("hush");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ClusterSettings Read(params string[] settings) => ClusterSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create("Cluster:" + pair[0], (string?)pair[1])))
            .Build());
}
