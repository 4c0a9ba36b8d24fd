using System.Collections.Concurrent;

namespace OrleansCluster.Web.Access;

/// <summary>What is left of each tenant's rows a second, whichever key its programs show.</summary>
internal sealed class Allowances(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RowAllowance> _tenants = new(StringComparer.Ordinal);

    public RowAllowance Of(string tenant) => _tenants.GetOrAdd(tenant, _ => new RowAllowance(time));
}
