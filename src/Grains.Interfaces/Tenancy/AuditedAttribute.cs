namespace OrleansCluster.Tenancy;

/// <summary>Says that calls of a grain's method come into the audit log of the tenant.</summary>
/// <param name="what">What it is in the log: <c>model.set-alias</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AuditedAttribute(string what) : Attribute
{
    /// <summary>What it is in the log.</summary>
    public string What => what;

    /// <summary>Whether calls are counted, and told every few seconds, instead of one by one: for questions, of which there are thousands a second.</summary>
    public bool Counted { get; init; }

    /// <summary>Names of the parameters that the entry tells, in their order, separated by commas.</summary>
    public string Tells { get; init; } = "";

    /// <summary>Whether the first parameter says which tenant's log it belongs into, because the grain is everybody's.</summary>
    public bool OfTenant { get; init; }
}
