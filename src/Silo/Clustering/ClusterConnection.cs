using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Silo.Clustering;

/// <summary>A connection to the silos of a running cluster.</summary>
public sealed class ClusterConnection : IAsyncDisposable
{
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(20);

    /// <summary>Where every gateway refuses the connection there is most likely no cluster; one that is just starting opens them soon.</summary>
    private static readonly TimeSpan LongestRefused = TimeSpan.FromSeconds(5);

    private readonly IHost _host;

    private ClusterConnection(IHost host) => _host = host;

    /// <summary>Where grains are reached: make a client of it.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IClusterClient>();

    /// <summary>Connects.</summary>
    /// <param name="address">
    /// Gateways, as <c>HOST:PORT</c> with commas between them; or where the silos find each other, as <c>redis:CONNECTION</c>, <c>postgres:CONNECTION</c> or
    /// <c>azure:CONNECTION</c>, or <c>redis</c>, <c>postgres</c> or <c>azure</c> alone with the connection of the settings. Name, connection and TLS of the
    /// cluster come from ordinary configuration, like a silo's.
    /// </param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="ClusteringException">The address cannot be read, or nobody answers there.</exception>
    public static Task<ClusterConnection> OpenAsync(string address, CancellationToken cancellation = default) => OpenAsync(address, [], cancellation);

    /// <summary>Connects with settings that win over files and environment, as <c>KEY=VALUE</c> pairs without the section's name.</summary>
    /// <inheritdoc cref="OpenAsync(string, CancellationToken)"/>
    public static async Task<ClusterConnection> OpenAsync(string address, IEnumerable<KeyValuePair<string, string?>> overrides,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables();
        builder.Configuration.AddOverrides(overrides);
        (string name, TlsSettings? tls) = ClusterSettings.ReadClient(builder.Configuration);
        (ClusteringKind? clustering, string connection) = Parse(address, builder.Configuration);
        IPEndPoint[] gateways = clustering is null ? Gateways(connection) : [];
        if (clustering is { } asked)
            await ServerChecks.Server(asked, connection, $"of --cluster {asked.ToString().ToLowerInvariant()}", cancellation).ConfigureAwait(false);
        var attempts = new ConnectAttempts(gateways);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (name, name));
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = SiloProcess.ResponseTimeout);
            // A gateway that went down must not be offered again for a minute, nor a new one stay unknown that long.
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            client.UseConnectionRetryFilter(attempts.Again);
            if (TelemetryNames.AreTracesWanted)
                client.AddActivityPropagation();
            client.Services.AddInterfaceParts().AddProviderParts();
            if (clustering is { } kind)
                client.UseGateways(kind, connection);
            else
                client.UseStaticClustering(gateways);
            if (tls is not null)
                client.UseTls(options => Tls.Configure(options, tls));
        });
        IHost host = builder.Build();
        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);
            return new ClusterConnection(host);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            host.Dispose();
            string shown = Secrets.Hide(address);
            if (attempts.Refused)
                throw new ClusteringException($"Nobody listens at {shown}: start a cluster with 'up', or correct --cluster.", e);
            string why = Secrets.Hide((attempts.Last ?? e).Message, Secrets.In(connection));
            string secured = tls is null ? " Silos that have Cluster:Tls answer clients that have it only."
                : " With Cluster:Tls, silos need it too, and certificates of the same authority.";
            throw e as ClusteringException ?? new ClusteringException(
                $"No cluster named '{name}' answers at {shown}: {why} Start one with 'up', or correct --cluster (and the setting Cluster:Name).{secured}", e);
        }
    }

    /// <summary>Silos that take part now.</summary>
    public async Task<int> CountSilosAsync() =>
        (await Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true).ConfigureAwait(false)).Count;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync().ConfigureAwait(false);
        else
            _host.Dispose();
    }

    private static (ClusteringKind? Clustering, string Connection) Parse(string address, IConfiguration configuration)
    {
        foreach (ClusteringKind kind in Enum.GetValues<ClusteringKind>().Where(kind => kind != ClusteringKind.Localhost))
        {
            string name = kind.ToString();
            if (address.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                return (kind, address[(name.Length + 1)..]);
            if (!address.Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            return ClusterSettings.ReadConnection(configuration) is { Length: > 0 } connection
                ? (kind, connection)
                : throw new SettingsException(
                    $"--cluster {address} takes the connection from the settings, but there is none: set Cluster__Connection, as in "
                        + $"{ClusterSettings.Example(kind)}, or Cluster__ConnectionFile to a file that holds it.");
        }

        return (null, address);
    }

    private static IPEndPoint[] Gateways(string list)
    {
        string[] parts = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length == 0)
            throw Unreadable(list);
        return [.. parts.Select(part =>
        {
            if (IPEndPoint.TryParse(part, out IPEndPoint? endpoint) && endpoint.Port != 0)
                return endpoint;
            if (part.Split(':') is [var host, var port] && int.TryParse(port, out int number) && number is > 0 and < 65536)
            {
                try
                {
                    if (Dns.GetHostAddresses(host, AddressFamily.InterNetwork) is [var first, ..])
                        return new IPEndPoint(first, number);
                }
                catch (SocketException e)
                {
                    throw new ClusteringException($"The cluster's address '{part}' cannot be looked up: {e.Message}", e);
                }
            }

            throw Unreadable(part);
        })];
    }

    private static ClusteringException Unreadable(string address) =>
        new($"'{Secrets.Hide(address)}' is no address of a cluster: give HOST:PORT of a silo's gateway (several with commas), "
            + "or redis, postgres or azure with the connection that the silos use in Cluster__Connection.");

    /// <summary>Tries again for a while: a cluster that is just starting, or has just lost a silo, answers soon.</summary>
    private sealed class ConnectAttempts(IPEndPoint[] gateways)
    {
        private readonly long _begin = Environment.TickCount64;

        public Exception? Last { get; private set; }

        /// <summary>Whether it was given up because all gateways refuse connections.</summary>
        public bool Refused { get; private set; }

        public async Task<bool> Again(Exception exception, CancellationToken cancellation)
        {
            Last = exception;
            long elapsed = Environment.TickCount64 - _begin;
            if (elapsed > LongestConnect.TotalMilliseconds)
                return false;
            if (elapsed > LongestRefused.TotalMilliseconds && gateways.Length > 0 && await AllRefuse(cancellation).ConfigureAwait(false))
            {
                Refused = true;
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), cancellation).ConfigureAwait(false);
            return true;
        }

        private async Task<bool> AllRefuse(CancellationToken cancellation)
        {
            foreach (IPEndPoint gateway in gateways)
            {
                using var client = new TcpClient();
                using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                timer.CancelAfter(TimeSpan.FromSeconds(1));
                try
                {
                    await client.ConnectAsync(gateway, timer.Token).ConfigureAwait(false);
                    return false;
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
                {
                    // The next one, then.
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
