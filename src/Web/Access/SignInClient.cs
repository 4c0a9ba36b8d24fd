namespace OrleansCluster.Web.Access;

/// <summary>How this service is known to a provider at which people sign in (OpenID Connect, authorization code with PKCE).</summary>
/// <param name="id">Its id there: who tokens of signing in are meant for.</param>
/// <param name="secret">What proves that it is this service. It is shown to nobody else, and no text has it.</param>
public sealed class SignInClient(string id, string secret)
{
    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>Its secret.</summary>
    internal string Secret => secret;
}
