using OrleansCluster.Models;

namespace OrleansCluster.Pages.Words;

/// <summary>Entries of an audit trail in words.</summary>
internal static class History
{
    public static string Of(ModelEvent e) => e.Kind switch
    {
        ModelEvents.Published => $"version {e.Version} published{(e.Before > 0 ? $", aligned with {e.Before}" : "")}",
        ModelEvents.AliasSet => $"{e.Subject} → version {e.Version}{(e.Before > 0 ? $", was {e.Before}" : "")}",
        ModelEvents.AliasRemoved => $"{e.Subject} taken away{(e.Before > 0 ? $", was {e.Before}" : "")}",
        ModelEvents.RolledBack => $"{e.Subject} rolled back to version {e.Version}{(e.Before > 0 ? $", was {e.Before}" : "")}",
        ModelEvents.Tagged => $"tagged{About(e)}: {e.Detail}",
        ModelEvents.Described => $"described{About(e)}: {e.Detail}",
        ModelEvents.ClusterNamed => $"cluster {e.Subject}: {(e.Detail.Length > 0 ? e.Detail : "no name")}",
        ModelEvents.Pruned => $"pruned: {e.Detail}",
        ModelEvents.Routed => $"route: {e.Detail}",
        ModelEvents.PolicySet => $"policy: {(e.Detail.Length > 0 ? e.Detail : "none")}",
        _ => $"{e.Kind} {e.Subject} {e.Detail}".Trim(),
    };

    private static string About(ModelEvent e) => e.Version > 0 ? $" (version {e.Version})" : "";
}
