using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cluster.Tests.Deploy;

/// <summary>The image and the compose file say what the program understands.</summary>
public sealed partial class ComposeTests
{
    private static readonly string Folder = Path.Combine(
        typeof(ComposeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Repository").Value!, "deploy");

    private static readonly string Image = File.ReadAllText(Path.Combine(Folder, "Dockerfile"));

    private static readonly string Compose = File.ReadAllText(Path.Combine(Folder, "compose.yaml"));

    [Fact]
    public void The_settings_of_a_silo_are_read()
    {
        Dictionary<string, string?> values = Values(Image, ImageValue());
        foreach ((string key, string? value) in Values(Compose, ComposeValue()))
            values[key] = value;
        // The names of services are known inside the network only.
        values["Cluster:Address"].ShouldBe("silo-3");
        values["Cluster:Address"] = "127.0.0.1";

        ClusterSettings settings = ClusterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());

        settings.Clustering.ShouldBe(ClusteringKind.Redis);
        settings.Connection.ShouldBe("redis:6379");
        settings.ListenOnAny.ShouldBeTrue();
        (settings.Folder, settings.Cache).ShouldBe(("/data", "/cache"));
        settings.Address.ShouldBe(IPAddress.Loopback);
        Compose.ShouldContain("\n  redis:\n");
    }

    [Fact]
    public void Every_port_and_folder_of_the_image_is_the_one_that_silos_use()
    {
        ClusterSettings settings = ClusterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(Values(Image, ImageValue())).Build());
        string silo = settings.SiloPort.ToString(CultureInfo.InvariantCulture), gateway = settings.GatewayPort.ToString(CultureInfo.InvariantCulture);
        Image.ShouldContain($"EXPOSE {silo} {gateway}");
        Image.ShouldContain($"/dev/tcp/127.0.0.1/{gateway}");
        Image.ShouldContain("VOLUME [\"/data\", \"/cache\"]");
        Gateways().Matches(Compose).Select(match => match.Value).Distinct().ShouldBe([":" + gateway]);
        foreach (int number in new[] { 1, 2, 3 })
        {
            Compose.ShouldContain($"silo-{number}:{gateway}");
            Compose.ShouldContain($"volumes: [\"data:/data\", \"cache-{number}:/cache\"]");
        }
    }

    /// <summary>Settings by their keys; of one that is given several times the last.</summary>
    private static Dictionary<string, string?> Values(string text, Regex form)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in form.Matches(text))
            values[match.Groups["key"].Value.Replace("__", ":", StringComparison.Ordinal)] = match.Groups["value"].Value;
        values.ShouldNotBeEmpty();
        return values;
    }

    [GeneratedRegex(@"(?<key>Cluster__\w+)=(?<value>[^\s\\]+)")]
    private static partial Regex ImageValue();

    /// <summary>A key and its value, or what stands for it when the environment has no other.</summary>
    [GeneratedRegex(@"(?<key>Cluster__\w+): ""?(\$\{\w+:-)?(?<value>[^\s}""]+)")]
    private static partial Regex ComposeValue();

    [GeneratedRegex(@"(?<=silo-\d):\d+")]
    private static partial Regex Gateways();
}
