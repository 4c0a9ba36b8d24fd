using OrleansCluster.Client;
using OrleansCluster.Families;
using OrleansCluster.Silo;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Cli.Tests;

/// <summary>A service over HTTP for all tests of a class, with and without keys.</summary>
public sealed class ServedHome : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("orleanscluster-served-").FullName;
    private ClusterHost? _host;
    private WebServer? _open, _guarded;

    /// <summary>Where everybody may ask.</summary>
    public string Address => _open!.Address.ToString();

    /// <summary>Where only those may ask who show a key.</summary>
    public string Guarded => _guarded!.Address.ToString();

    /// <summary>A key of a trainer.</summary>
    public string Key { get; private set; } = "";

    /// <summary>A key of an administrator of the same tenant.</summary>
    public string AdminKey { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _host = await ClusterHost.StartAsync(new ClusterHostOptions { Home = _home, Threads = 1 });
        var administration = new Administration(_host.Grains);
        await administration.CreateAsync("acme");
        Key = (await administration.MakeKeyAsync(new KeyInfo { Id = "", Tenant = "acme", Role = Roles.Trainer })).Key.Text;
        AdminKey = (await administration.MakeKeyAsync(new KeyInfo { Id = "", Tenant = "acme", Role = Roles.Admin })).Key.Text;
        var client = new ClusteringClient(_host.Grains, refusals: RefusalOptions.Tell);
        var access = new WebAccess
        {
            Clients = tenant => new ClusteringClient(_host.Grains, tenant, refusals: RefusalOptions.Tell),
            Administration = administration,
        };
        _open = await StartAsync(null);
        _guarded = await StartAsync(access);

        Task<WebServer> StartAsync(WebAccess? who) => WebServer.StartAsync(
            new WebOptions { Port = 0 }, () => client, [.. FamilyRegistry.Standard.All.Select(family => family.Description)], access: who);
    }

    public async ValueTask DisposeAsync()
    {
        await _open!.DisposeAsync();
        await _guarded!.DisposeAsync();
        await _host!.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }
}
