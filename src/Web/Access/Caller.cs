using System.Collections.Immutable;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Access;

/// <summary>Who asks: found once for a request, and known wherever it is worked on.</summary>
/// <param name="Tenant">Whose datasets, jobs and models are meant.</param>
/// <param name="Role">What they may do, see <see cref="Roles"/>.</param>
/// <param name="Name">Who it is, for audit trails: never a secret.</param>
internal sealed record Caller(string Tenant, string Role, string Name)
{
    private static readonly AsyncLocal<Caller?> Asking = new();

    /// <summary>Of a service that asks nobody who they are.</summary>
    public static Caller Anybody { get; } = new(GrainKeys.DefaultTenant, Roles.Admin, "http");

    /// <summary>The only models that they may ask; empty: all.</summary>
    public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>How much they may ask for.</summary>
    public TenantQuotas Quotas { get; init; } = new();

    /// <summary>Who asks now.</summary>
    public static Caller Current => Asking.Value ?? Anybody;

    /// <summary>Whether they look after the cluster itself, whoever's work it does.</summary>
    public bool LooksAfterCluster => Tenant == GrainKeys.DefaultTenant && Models.IsEmpty && Roles.Includes(Role, Roles.Operator);

    /// <summary>Refuses who does not look after the cluster.</summary>
    /// <param name="what">What would be told.</param>
    /// <exception cref="ProblemException">The caller is of another tenant.</exception>
    public void CheckLooksAfterCluster(string what)
    {
        if (!LooksAfterCluster)
            throw new ProblemException(
                403, ProblemKinds.Forbidden, $"{what} tell of all tenants: this needs a key of the tenant {GrainKeys.DefaultTenant} with the role operator.");
    }

    /// <summary>What is done from here on is done for this caller.</summary>
    public void Enter()
    {
        Asking.Value = this;
        // Grains refuse what belongs to others, whatever they are asked.
        RequestContext.Set(GrainKeys.CallContext, Tenant);
        RequestContext.Set(GrainKeys.CallerContext, Name);
    }

    /// <summary>Asks as whoever asks now, from wherever it is called.</summary>
    public static Action Here()
    {
        (Caller? caller, object? tenant, object? name) = (Asking.Value, RequestContext.Get(GrainKeys.CallContext), RequestContext.Get(GrainKeys.CallerContext));
        return () =>
        {
            Asking.Value = caller;
            if (tenant is not null)
                RequestContext.Set(GrainKeys.CallContext, tenant);
            if (name is not null)
                RequestContext.Set(GrainKeys.CallerContext, name);
        };
    }

    /// <summary>Refuses models that the caller may not ask.</summary>
    /// <exception cref="ProblemException">It is such a model.</exception>
    public void CheckModel(string model)
    {
        model = Contracts.ComposedText.Of(model);
        if (!Models.IsEmpty && !Models.Contains(model, StringComparer.Ordinal))
            throw new ProblemException(403, ProblemKinds.Forbidden, $"This key opens {string.Join(", ", Models)}, not '{model}'.");
    }
}
