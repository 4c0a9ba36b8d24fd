using System.Collections.Concurrent;
using OrleansCluster.Client;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Web.Access;

/// <summary>Callers by the key that they show. What is known of a key holds for a while, so that a request costs no call beside its own.</summary>
internal sealed class KeyCallers(WebAccess access, TimeProvider time)
{
    /// <summary>Most keys that are remembered; those that open nothing are not.</summary>
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<string, (Caller Caller, DateTimeOffset? Expires, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>Who shows a key; null: it opens nothing.</summary>
    public async ValueTask<Caller?> FindAsync(string text, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        // By the whole key: its secret was compared when it was kept.
        if (_known.TryGetValue(text, out var known) && now < known.Until && !(known.Expires <= now))
            return known.Caller;
        if (ApiKey.Parse(text) is not { } key)
            return null;
        if (await access.Administration.AdmitAsync(key, cancellation).ConfigureAwait(false) is not { } admission)
        {
            _known.TryRemove(text, out _);
            return null;
        }

        KeyInfo info = admission.Key;
        var caller = new Caller(info.Tenant, info.Role, "key " + info.Id)
        {
            Models = info.Models,
            Quotas = admission.Quotas,
        };
        if (_known.Count >= MostKept)
            _known.Clear();
        _known[text] = (caller, info.Expires, now + access.Holds);
        return caller;
    }
}
