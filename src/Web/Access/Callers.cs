using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Access;

/// <summary>Callers by what they show: a key, or a token of the issuer that is believed.</summary>
internal sealed class Callers(KeyCallers keys, WebAccess access, TimeProvider time)
{
    private readonly TokenCallers? _tokens = access.Issuer is { } issuer ? new TokenCallers(access, issuer, time) : null;

    /// <summary>Who shows it.</summary>
    /// <param name="text">What is shown.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="isBrowser">Whether a browser shows it, which may be by a token of signing in.</param>
    /// <exception cref="ProblemException">It opens nothing.</exception>
    public async ValueTask<Caller> FindAsync(string text, CancellationToken cancellation, bool isBrowser = false)
    {
        if (_tokens is not null && TokenCallers.IsToken(text))
            return await _tokens.FindAsync(text, isBrowser, cancellation).ConfigureAwait(false);
        return await keys.FindAsync(text, cancellation).ConfigureAwait(false) ?? throw OpensNothing();
    }

    /// <summary>One answer for whatever is wrong: nobody learns which keys there were.</summary>
    public static ProblemException OpensNothing() =>
        new(401, ProblemKinds.Unauthenticated, "The key opens nothing: it is unknown, expired or revoked, or its tenant is suspended.");
}
