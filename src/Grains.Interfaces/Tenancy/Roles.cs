using System.Collections.Immutable;

namespace OrleansCluster.Tenancy;

/// <summary>What a caller may do. Each role may do what those before it may.</summary>
public static class Roles
{
    /// <summary>Reads what there is: datasets' descriptions, jobs, models, their history.</summary>
    public const string Reader = "reader";

    /// <summary>Asks models about rows.</summary>
    public const string Scorer = "scorer";

    /// <summary>Brings datasets and trains.</summary>
    public const string Trainer = "trainer";

    /// <summary>Decides which versions answer: aliases, policies, routes; deletes.</summary>
    public const string Operator = "operator";

    /// <summary>Gives and takes keys of the tenant.</summary>
    public const string Admin = "admin";

    /// <summary>From the least to the most.</summary>
    public static ImmutableArray<string> All { get; } = [Reader, Scorer, Trainer, Operator, Admin];

    /// <summary>Whether a role may do what another may.</summary>
    public static bool Includes(string role, string needed) => All.IndexOf(role) >= All.IndexOf(needed) && All.Contains(role);

    /// <summary>The role of that name.</summary>
    /// <exception cref="ClusteringException">There is none.</exception>
    public static string Check(string? role) => role is not null && All.Contains(role)
        ? role
        : throw new ClusteringException($"'{role}' is no role. There are {string.Join(", ", All)}; each may do what those before it may.");
}
