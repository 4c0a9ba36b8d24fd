using OrleansCluster.Cli.Sessions;
using OrleansCluster.Families;
using OrleansCluster.Silo;

namespace OrleansCluster.Cli.Tests;

/// <summary>
/// Hosts a home once for all commands of a test that would host it alike: a silo's start is most of what a short command costs. A command that asks for
/// something of its own (threads, talk, families, jobs taken up again) hosts the home itself, and one that needs two homes the second of them.
/// </summary>
internal sealed class LentHost : IDisposable
{
    private ClusterHost? _host;
    private string _home = "";
    private bool _isLent;

    /// <summary>Carries out a command that borrows the host.</summary>
    public async Task<Outcome> DuringAsync(Func<Task<Outcome>> command)
    {
        try
        {
            (Session.OpenHome, _isLent) = (OpenAsync, false);
            return await command();
        }
        finally
        {
            Session.OpenHome = ClusterHome.OpenAsync;
        }
    }

    public void Dispose() => EndAsync().AsTask().GetAwaiter().GetResult();

    private async Task<ClusterHome> OpenAsync(ClusterHostOptions options, Action<string> waiting, CancellationToken cancellation)
    {
        bool ordinary = options is { Threads: 0, Verbose: false, AutoResume: false } && options.Families == FamilyRegistry.Standard;
        if (_isLent && options.Home != _home)
            return await ClusterHome.OpenAsync(options, waiting, cancellation);
        if (_host is not null && (!ordinary || options.Home != _home))
            await EndAsync();
        if (!ordinary)
            return await ClusterHome.OpenAsync(options, waiting, cancellation);
        if (_host is null)
            (_host, _home) = (await ClusterHost.StartAsync(options, cancellation), options.Home);
        _isLent = true;
        return ClusterHome.Of(_host);
    }

    private async ValueTask EndAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.DisposeAsync();
        }
    }
}
