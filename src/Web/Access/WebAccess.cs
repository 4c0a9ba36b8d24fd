using OrleansCluster.Client;

namespace OrleansCluster.Web.Access;

/// <summary>Who may ask a service, and how it is found out.</summary>
public sealed record WebAccess
{
    /// <summary>A client of one tenant.</summary>
    public required Func<string, IClusteringClient> Clients { get; init; }

    /// <summary>The tenants and their keys.</summary>
    public required IAdministration Administration { get; init; }

    /// <summary>Who else says who somebody is; null: nobody, keys do.</summary>
    public TokenIssuer? Issuer { get; init; }

    /// <summary>How long an answer about a key holds: a revoked one opens for as long.</summary>
    public TimeSpan Holds { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>An OpenID Connect provider whose tokens are believed (JWT bearer, RFC 6750 and 7519).</summary>
public sealed record TokenIssuer
{
    /// <summary>Its address, as tokens name it in <c>iss</c>; below it is <c>/.well-known/openid-configuration</c>.</summary>
    public required Uri Issuer { get; init; }

    /// <summary>Who tokens must be meant for, in <c>aud</c>.</summary>
    public required string Audience { get; init; }

    /// <summary>The claim that names the tenant.</summary>
    public string TenantClaim { get; init; } = "tenant";

    /// <summary>The claim that names the role, or several of which the greatest counts.</summary>
    public string RoleClaim { get; init; } = "role";

    /// <summary>How this service is known there, so that people can sign in to pages; null: they show a key.</summary>
    public SignInClient? SignIn { get; init; }
}
