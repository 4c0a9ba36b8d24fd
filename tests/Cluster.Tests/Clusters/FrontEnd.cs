using System.Diagnostics;
using System.Text.Json;
using OrleansCluster.Cluster.Tests.Parts;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>A process that answers over HTTP and gRPC before a cluster.</summary>
internal sealed class FrontEnd : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private FrontEnd(ChildProcess process, Uri address, Uri grpc) => (_process, Address, Grpc) = (process, address, grpc);

    public Uri Address { get; }

    public Uri Grpc { get; }

    /// <summary>Starts one that knows all silos there are.</summary>
    public static async Task<FrontEnd> StartAsync(SiloCluster cluster)
    {
        var process = SiloCluster.Command(
            ["web", "--cluster", cluster.Address, "--port", "0", "--grpc-port", "0", "--report", "json"], cluster.Folder);
        for (long begun = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            string told = process.Output;
            if (told.TrimEnd().EndsWith('}'))
            {
                using JsonDocument addresses = JsonDocument.Parse(told[told.IndexOf('{', StringComparison.Ordinal)..]);
                JsonElement root = addresses.RootElement;
                return new FrontEnd(process, new Uri(root.GetProperty("address").GetString()!), new Uri(root.GetProperty("grpc").GetString()!));
            }

            process.HasExited.ShouldBeFalse(told);
            Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromMinutes(1), told);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync();
        _process.Dispose();
    }
}
