using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Serving;
using OrleansCluster.Web.Access;

namespace OrleansCluster.Web.Rows;

/// <summary>
/// Questions about one row, which most are where programs ask: those of one caller to one version that arrive together are asked as one. Each is answered as
/// it would be alone.
/// </summary>
internal sealed class SingleRows(Func<IClusteringClient> client)
{
    /// <summary>Callers and versions whose questions are put together; when there are more, all begin anew.</summary>
    private const int MostKept = 10_000;

    /// <summary>A longer row is worth a question of its own.</summary>
    private const int MostBytes = 8 << 10;

    private readonly ConcurrentDictionary<(string Tenant, string Caller, string Model, int Version), RowAssigner> _assigners = new();

    /// <summary>Whether rows are one of numbers that nobody follows on its way.</summary>
    public static bool Are(RowsPayload rows) =>
        rows.Values.Length <= MostBytes && rows.Values.Length == rows.Columns * (rows.Precision == "f4" ? sizeof(float) : sizeof(double))
            && rows.Keys.IsEmpty && rows.Types.IsDefaultOrEmpty && Activity.Current is not { Recorded: true };

    /// <summary>Which cluster the row belongs to.</summary>
    public async Task<Assignments> AssignAsync(string model, int version, RowsPayload row, CancellationToken cancellation)
    {
        RowAssigner assigner = Of(model, version);
        Task<RowAssignment> asked = row.Precision == "f4"
            ? assigner.AssignAsync(MemoryMarshal.Cast<byte, float>(row.Values.Span), cancellation)
            : assigner.AssignAsync(MemoryMarshal.Cast<byte, double>(row.Values.Span), cancellation);
        RowAssignment answer = await asked.ConfigureAwait(false);
        var values = new byte[sizeof(double) + sizeof(int)];
        MemoryMarshal.Write(values, answer.Distance);
        MemoryMarshal.Write(values.AsSpan(sizeof(double)), answer.Cluster);
        return new Assignments { Version = answer.Version, Distances = values.AsMemory(0, sizeof(double)), Labels = values.AsMemory(sizeof(double)) };
    }

    private RowAssigner Of(string model, int version)
    {
        Caller caller = Caller.Current;
        var key = (caller.Tenant, caller.Name, model, version);
        if (_assigners.TryGetValue(key, out RowAssigner? assigner))
            return assigner;
        if (_assigners.Count >= MostKept)
            _assigners.Clear();
        Action enter = Caller.Here();
        return _assigners.GetOrAdd(key, _ => new RowAssigner(async rows =>
        {
            enter();
            return await client().Models.AssignAsync(model, version, rows).ConfigureAwait(false);
        }));
    }
}
