using System.Globalization;

namespace OrleansCluster.Silo;

/// <summary>Membership of a cluster that never has but one silo: in memory, because it ends with that silo.</summary>
internal sealed class OneSiloMembership : IMembershipTable
{
    private readonly Lock _lock = new();
    private Tuple<MembershipEntry, string>? _row;
    private TableVersion _version = Version(0);

    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    public Task DeleteMembershipTableEntries(string clusterId)
    {
        lock (_lock)
            _row = null;
        return Task.CompletedTask;
    }

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => Task.CompletedTask;

    public Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        lock (_lock)
            return Task.FromResult(_row is { } row && row.Item1.SiloAddress.Equals(key) ? new MembershipTableData(Copy(row), _version)
                : new MembershipTableData(_version));
    }

    public Task<MembershipTableData> ReadAll()
    {
        lock (_lock)
            return Task.FromResult(_row is { } row ? new MembershipTableData(Copy(row), _version) : new MembershipTableData(_version));
    }

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        lock (_lock)
            return Task.FromResult(_row is null && Write(entry, tableVersion));
    }

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        lock (_lock)
            return Task.FromResult(_row is { } row && row.Item1.SiloAddress.Equals(entry.SiloAddress) && row.Item2 == etag && Write(entry, tableVersion));
    }

    public Task UpdateIAmAlive(MembershipEntry entry)
    {
        lock (_lock)
        {
            if (_row is { } row && row.Item1.SiloAddress.Equals(entry.SiloAddress))
                row.Item1.IAmAliveTime = entry.IAmAliveTime;
        }

        return Task.CompletedTask;
    }

    private static TableVersion Version(int number) => new(number, number.ToString(CultureInfo.InvariantCulture));

    private static Tuple<MembershipEntry, string> Copy(Tuple<MembershipEntry, string> row) => Tuple.Create(Copy(row.Item1), row.Item2);

    /// <summary>Readers change what they are given.</summary>
    private static MembershipEntry Copy(MembershipEntry entry) => new()
    {
        SiloAddress = entry.SiloAddress,
        Status = entry.Status,
        SuspectTimes = entry.SuspectTimes is { } suspected ? [.. suspected] : null,
        ProxyPort = entry.ProxyPort,
        HostName = entry.HostName,
        SiloName = entry.SiloName,
        RoleName = entry.RoleName,
        UpdateZone = entry.UpdateZone,
        FaultZone = entry.FaultZone,
        StartTime = entry.StartTime,
        IAmAliveTime = entry.IAmAliveTime,
    };

    private bool Write(MembershipEntry entry, TableVersion version)
    {
        if (version.VersionEtag != _version.VersionEtag)
            return false;
        _version = Version(version.Version);
        _row = Tuple.Create(Copy(entry), _version.VersionEtag);
        return true;
    }
}
