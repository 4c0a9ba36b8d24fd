using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using OrleansCluster.Client;
using OrleansCluster.Cluster.Tests.Parts;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>Silo processes that share a server, and a client of theirs. They are told their settings by the environment, as secrets must be.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-silos-");
    private readonly string[] _settings;
    private readonly KeyValuePair<string, string?>[] _client;
    private readonly List<Silo> _silos = [];
    private readonly List<ChildProcess> _ended = [];
    private ClusterConnection? _connection;

    /// <param name="settings">Settings that all silos have in common, as <c>KEY=VALUE</c>; blobs are in a folder of theirs unless they say otherwise.</param>
    public SiloCluster(params string[] settings)
    {
        _settings = settings.Any(setting => setting.StartsWith("Blobs=", StringComparison.Ordinal)) ? settings : [.. settings, "Folder=" + _folder.FullName];
        // What the client has to know as well.
        _client = [.. settings.Where(setting => setting.StartsWith("Tls:", StringComparison.Ordinal) || setting.StartsWith("Name=", StringComparison.Ordinal))
            .Select(Pair)];
    }

    public string Address => string.Join(',', _silos.Select(silo => $"127.0.0.1:{silo.Gateway.ToString(CultureInfo.InvariantCulture)}"));

    public ClusterConnection Connection => _connection!;

    public ClusteringClient Client => new(Connection.Grains);

    public int Count => _silos.Count;

    /// <summary>The silos' folder: caches, and blobs that are in no server.</summary>
    public string Folder => _folder.FullName;

    /// <summary>What all silos ever said.</summary>
    public IEnumerable<string> Outputs => _ended.Concat(_silos.Select(silo => silo.Process)).Select(process => process.Output);

    /// <summary>Starts the command as its users do, by the script of the repository, which builds it when a source is newer.</summary>
    public static ChildProcess Command(IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        string repository = typeof(SiloCluster).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Repository").Value!;
        return OperatingSystem.IsWindows()
            ? new ChildProcess("cmd", ["/c", Path.Combine(repository, "cluster.cmd"), .. arguments], folder, environment)
            : new ChildProcess(Path.Combine(repository, "cluster"), arguments, folder, environment);
    }

    /// <summary>Settings as the environment spells them.</summary>
    public static Dictionary<string, string> Environment(IEnumerable<string> settings) =>
        settings.Select(Pair).ToDictionary(pair => "Cluster__" + pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value!);

    public static KeyValuePair<string, string?> Pair(string setting)
    {
        string[] parts = setting.Split('=', 2);
        return KeyValuePair.Create(parts[0], (string?)parts[1]);
    }

    /// <summary>Starts silos and waits until all take part and nobody else; then the client knows them all.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="further">Their environment besides the settings.</param>
    public async Task StartAsync(int silos, params (string Name, string Value)[] further)
    {
        for (int i = 0; i < silos; i++)
            Launch(further);
        await JoinedAsync();
    }

    /// <summary>Starts or ends as many as are needed for this number.</summary>
    public async Task ScaleAsync(int silos)
    {
        // Left by a test that failed.
        foreach (Silo silo in _silos.Where(silo => silo.Process.HasExited).ToArray())
            Forget(silo);
        while (_silos.Count > silos)
            await EndLastAsync();
        await StartAsync(silos - _silos.Count);
    }

    /// <summary>Kills one as <c>kill -9</c> does.</summary>
    public void Kill(int index)
    {
        _silos[index].Process.Kill();
        Forget(_silos[index]);
    }

    /// <summary>Tells the last one to end, and waits until it did.</summary>
    public Task EndLastAsync() => EndAsync(_silos[^1]);

    /// <summary>Ends all silos in good order and forgets them; the server and the folder stay.</summary>
    public async Task StopAsync()
    {
        await DisconnectAsync();
        await Task.WhenAll(_silos.ToArray().Select(EndAsync));
    }

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        foreach (ChildProcess process in _silos.Select(silo => silo.Process).Concat(_ended))
            process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task EndAsync(Silo silo)
    {
        await silo.Process.StopAsync();
        Forget(silo);
    }

    private void Forget(Silo silo)
    {
        lock (_silos)
        {
            _silos.Remove(silo);
            _ended.Add(silo.Process);
        }
    }

    private void Launch((string Name, string Value)[] further)
    {
        (int port, int gateway) = (ChildProcess.FreePort(), ChildProcess.FreePort());
        Dictionary<string, string> environment =
            Environment([.. _settings, $"SiloPort={port}", $"GatewayPort={gateway}", $"Cache={Path.Combine(_folder.FullName, $"cache-{port}")}",
                // Silos come and go here, and few live to see a second job.
                "Rehearse=false"]);
        foreach ((string name, string value) in further)
            environment[name] = value;
        _silos.Add(new Silo(Command(["silo", "--threads", "1"], _folder.FullName, environment), gateway));
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
                _connection = await ClusterConnection.OpenAsync(Address, _client);
                while (await _connection.CountSilosAsync() != _silos.Count && Stopwatch.GetElapsedTime(begin) < Patience)
                    await Task.Delay(100);
                (await _connection.CountSilosAsync()).ShouldBe(_silos.Count, string.Join("\n\n", _silos.Select(silo => silo.Process.Output)));
                return;
            }
            catch (Exception e) when (e is ClusteringException or OrleansException or TimeoutException && Stopwatch.GetElapsedTime(begin) < Patience)
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
