using System.Collections.Immutable;

namespace OrleansCluster.Tenancy;

/// <summary>What is known of a key that a program shows. The key itself is shown once and kept nowhere: only its hash is.</summary>
[GenerateSerializer, Immutable, Alias("oc.KeyInfo")]
public sealed record KeyInfo
{
    /// <summary>Names the key, and is a part of it.</summary>
    [Id(0)] public required string Id { get; init; }

    [Id(1)] public required string Tenant { get; init; }

    /// <summary>One of <see cref="Tenancy.Roles"/>.</summary>
    [Id(2)] public required string Role { get; init; }

    /// <summary>The only models that it opens; empty: all of the tenant's.</summary>
    [Id(3)] public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>What it is for, in its owner's words.</summary>
    [Id(4)] public string Label { get; init; } = "";

    [Id(5)] public DateTimeOffset Created { get; init; }

    [Id(6)] public string By { get; init; } = "";

    /// <summary>From when on it opens nothing; null: never.</summary>
    [Id(7)] public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was revoked; null: it was not.</summary>
    [Id(8)] public DateTimeOffset? Revoked { get; init; }

    /// <summary>The key that it took the place of; empty: none.</summary>
    [Id(9)] public string Replaces { get; init; } = "";

    /// <summary>Whether it opens anything at a moment.</summary>
    public bool IsValid(DateTimeOffset now) => Revoked is null && !(Expires <= now);
}

/// <summary>A key to be kept.</summary>
[GenerateSerializer, Immutable, Alias("oc.NewKey")]
public sealed record NewKey
{
    /// <summary>What is known of it; when it was made is filled in.</summary>
    [Id(0)] public required KeyInfo Info { get; init; }

    /// <summary>SHA-256 of the secret in hexadecimal digits. The secret has 256 random bits, so that no slower function is needed.</summary>
    [Id(1)] public required string Hash { get; init; }

    /// <summary>Of a key that takes the place of <see cref="KeyInfo.Replaces"/>: how long that one still opens.</summary>
    [Id(2)] public TimeSpan Grace { get; init; }
}

/// <summary>Who a key belongs to.</summary>
[GenerateSerializer, Immutable, Alias("oc.Admission")]
public sealed record Admission
{
    [Id(0)] public required KeyInfo Key { get; init; }

    [Id(1)] public required TenantQuotas Quotas { get; init; }
}
