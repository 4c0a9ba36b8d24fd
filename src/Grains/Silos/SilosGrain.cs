using Orleans.Runtime.Placement;

namespace OrleansCluster.Silos;

/// <inheritdoc cref="ISilosGrain"/>
public sealed class SilosGrain(TimeProvider time) : Grain, ISilosGrain
{
    /// <summary>How long a silo may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Silos that are gone are told of for so long, and no more of them than this.</summary>
    private static readonly TimeSpan Remembers = TimeSpan.FromDays(1);

    private const int MostGone = 20;

    public async Task<ClusterReport> Look(CancellationToken cancellation = default)
    {
        DateTimeOffset now = time.GetUtcNow();
        MembershipEntry[] all = await GrainFactory.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: false, cancellation);
        MembershipEntry[] here = [.. all.Where(silo => silo.Status != SiloStatus.Dead).OrderBy(silo => silo.SiloAddress)];
        MembershipEntry[] gone = [.. all.Where(silo => silo.Status == SiloStatus.Dead && now - At(silo.IAmAliveTime) < Remembers)
            .OrderByDescending(silo => silo.IAmAliveTime).Take(MostGone)];
        SiloReport[] told = await Task.WhenAll(here.Select(silo => Ask(silo, cancellation)));
        return new ClusterReport { Time = now, Silos = [.. told, .. gone.Select(silo => Known(silo, new SiloReport()))] };
    }

    private async Task<SiloReport> Ask(MembershipEntry silo, CancellationToken cancellation)
    {
        if (silo.Status != SiloStatus.Active)
            return Known(silo, new SiloReport());
        try
        {
            // Orleans' own hint: a grain that the call activates goes to that silo.
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.SiloAddress);
            Task<SiloReport> asked = GrainFactory.GetGrain<ISiloGrain>(silo.SiloAddress.ToParsableString()).Tell(cancellation);
            SiloReport report = await asked.WaitAsync(Patience, time, cancellation);
            return report.Address == silo.SiloAddress.ToParsableString() ? Known(silo, report) : Silent(silo, "another silo answered for it");
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or SiloUnavailableException)
        {
            return Silent(silo, e is TimeoutException ? $"it does not answer within {Patience.TotalSeconds:0} s" : e.Message);
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }

    private static SiloReport Silent(MembershipEntry silo, string why) => Known(silo, new SiloReport { Trouble = why });

    /// <summary>What the membership knows of it besides.</summary>
    private static SiloReport Known(MembershipEntry silo, SiloReport report) => report with
    {
        Address = silo.SiloAddress.ToParsableString(),
        Name = silo.SiloName ?? "",
        Host = silo.HostName ?? "",
        Status = Word(silo.Status),
        Started = At(silo.StartTime),
        Seen = At(silo.IAmAliveTime),
    };

    private static string Word(SiloStatus status) => status switch
    {
        SiloStatus.Created => "created",
        SiloStatus.Joining => "joining",
        SiloStatus.Active => "active",
        SiloStatus.ShuttingDown => "shutting-down",
        SiloStatus.Stopping => "stopping",
        SiloStatus.Dead => "dead",
        _ => "unknown",
    };

    /// <summary>The membership's times are of UTC, and say so only with some providers.</summary>
    private static DateTimeOffset At(DateTime moment) => new(DateTime.SpecifyKind(moment, DateTimeKind.Utc));
}
