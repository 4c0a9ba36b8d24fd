using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using OrleansCluster.Client;
using OrleansCluster.Cluster.Tests.Parts;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>Silo processes that share a server and a folder, and a client of theirs.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-silos-");
    private readonly string[] _settings;
    private readonly KeyValuePair<string, string?>[] _tls;
    private readonly List<Silo> _silos = [];
    private ClusterConnection? _connection;

    /// <param name="settings">Settings that all silos have in common, as <c>KEY=VALUE</c>.</param>
    public SiloCluster(params string[] settings)
    {
        _settings = [.. settings, "Folder=" + _folder.FullName];
        // What the client has to know as well.
        _tls = [.. settings.Where(setting => setting.StartsWith("Tls:", StringComparison.Ordinal)).Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))];
    }

    public static string Program { get; } =
        typeof(SiloCluster).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Program").Value!;

    public string Address => string.Join(',', _silos.Select(silo => $"127.0.0.1:{silo.Gateway.ToString(CultureInfo.InvariantCulture)}"));

    public ClusterConnection Connection => _connection!;

    public ClusteringClient Client => new(Connection.Grains);

    public int Count => _silos.Count;

    /// <summary>Starts silos and waits until all take part; then the client knows them all.</summary>
    public async Task StartAsync(int silos)
    {
        for (int i = 0; i < silos; i++)
            Launch();
        await JoinedAsync();
    }

    /// <summary>Kills one as <c>kill -9</c> does.</summary>
    public void Kill(int index)
    {
        _silos[index].Process.Kill();
        _silos.RemoveAt(index);
    }

    /// <summary>Ends all silos in good order and forgets them; the server and the folder stay.</summary>
    public async Task StopAsync()
    {
        await DisconnectAsync();
        await Task.WhenAll(_silos.Select(silo => silo.Process.StopAsync()));
        _silos.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        foreach (Silo silo in _silos)
            silo.Process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Launch()
    {
        (int port, int gateway) = (ChildProcess.FreePort(), ChildProcess.FreePort());
        string[] own = [.. _settings, $"SiloPort={port}", $"GatewayPort={gateway}", $"Cache={Path.Combine(_folder.FullName, $"cache-{port}")}"];
        string[] arguments = [Program, "silo", "--threads", "1", .. own.SelectMany(setting => (string[])["--set", setting])];
        _silos.Add(new Silo(new ChildProcess("dotnet", arguments, _folder.FullName), gateway));
    }

    private async Task JoinedAsync()
    {
        for (long begin = Stopwatch.GetTimestamp(); ;)
        {
            foreach (Silo silo in _silos)
                silo.Process.HasExited.ShouldBeFalse(silo.Process.Output);
            try
            {
                await DisconnectAsync();
                _connection = await ClusterConnection.OpenAsync(Address, _tls);
                while (await _connection.CountSilosAsync() < _silos.Count && Stopwatch.GetElapsedTime(begin) < Patience)
                    await Task.Delay(100);
                (await _connection.CountSilosAsync()).ShouldBeGreaterThanOrEqualTo(_silos.Count);
                return;
            }
            catch (ClusteringException) when (Stopwatch.GetElapsedTime(begin) < Patience)
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task DisconnectAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connection = null;
    }

    private sealed record Silo(ChildProcess Process, int Gateway);
}
