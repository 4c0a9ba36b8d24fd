using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Silo;

/// <content>On one Orleans silo.</content>
public sealed partial class ClusterHost
{
    private static void UseEngine(HostApplicationBuilder builder, HomeLayout home) =>
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), FreePort()).UseInMemoryReminderService());

    /// <summary>A port that nobody listens on, so that several homes can be hosted on one machine.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
