using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OrleansCluster.Silo.Clustering;

/// <summary>
/// Makes coming back after a total loss quick. The membership then still names silos that are gone. A newcomer asks all of them for an answer before it
/// joins, and votes those out that had been silent for long enough when it began to ask; the others it would ask for as long as it may try. So it begins
/// only when every silo of the membership answers or has been silent for long enough.
/// </summary>
internal sealed partial class LostSilos(
    IMembershipTable table, ILocalSiloDetails self, IOptions<ClusterMembershipOptions> options, TimeProvider time, ILogger<LostSilos> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly TimeSpan _silence = options.Value.IAmAliveTablePublishTimeout * options.Value.NumMissedTableIAmAliveLimit;

    /// <summary>After the table is open and before this silo is written down in it.</summary>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(LostSilos), ServiceLifecycleStage.AfterRuntimeGrainServices - 1, Wait, _ => Task.CompletedTask);

    private async Task Wait(CancellationToken cancellation)
    {
        // Twice, for clocks that differ; then Orleans asks, and tells.
        long begin = time.GetTimestamp();
        while (time.GetElapsedTime(begin) < 2 * _silence)
        {
            MembershipTableData membership = await table.ReadAllAsync(cancellation).ConfigureAwait(false);
            DateTime now = time.GetUtcNow().UtcDateTime;
            SiloAddress[] fresh =
            [
                .. membership.Members.Select(member => member.Item1)
                    .Where(entry => entry.Status == SiloStatus.Active && now - LastSign(entry) <= _silence)
                    .Select(entry => entry.SiloAddress).Where(silo => !silo.Endpoint.Equals(self.SiloAddress.Endpoint)),
            ];
            bool[] answered = await Task.WhenAll(fresh.Select(silo => Answers(silo.Endpoint, cancellation))).ConfigureAwait(false);
            if (fresh.Zip(answered).FirstOrDefault(silo => !silo.Second).First is not { } lost)
                return;
            NotYet(logger, lost);
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    private static DateTime LastSign(MembershipEntry entry) => entry.IAmAliveTime > entry.StartTime ? entry.IAmAliveTime : entry.StartTime;

    private static async Task<bool> Answers(IPEndPoint endpoint, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(LongestConnect);
        try
        {
            await client.ConnectAsync(endpoint, timer.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo {Lost} does not answer; waiting until it has been silent for long enough to be voted out")]
    private static partial void NotYet(ILogger logger, SiloAddress lost);
}
