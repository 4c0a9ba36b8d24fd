namespace OrleansCluster.Client.Http;

/// <summary>A service over HTTP, and how it is asked.</summary>
public sealed record ServiceOptions
{
    /// <summary>Where it is: <c>https://host:port</c>, and a path where it is behind one.</summary>
    public required Uri Address { get; init; }

    /// <summary>The key (or token) that says who asks; null: the service asks nobody who they are. It is never told in messages.</summary>
    public string? Key { get; init; }

    /// <summary>How often a question is asked again whose answer was lost, or that came at a bad moment.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>How long is waited before the first repeat; each time about twice as long, and never exactly as others do.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait that a service may ask for (<c>Retry-After</c>); when it asks for more, the question fails at once.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer may take to begin.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>What sends requests, kept by whoever gives it; null: one is made.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Where it is, as addresses of what it offers begin.</summary>
    /// <exception cref="ClusteringException">It is no address of a service.</exception>
    internal Uri Root()
    {
        if (!Address.IsAbsoluteUri || (Address.Scheme != Uri.UriSchemeHttp && Address.Scheme != Uri.UriSchemeHttps))
            throw new ClusteringException($"'{Address.OriginalString}' is no address of a service: write it as https://HOST:PORT.");
        if (Address.UserInfo.Length > 0)
            throw new ClusteringException("The address of the service has a name or password in it: give the key by itself.");
        if (Address.Query.Length > 0 || Address.Fragment.Length > 0)
            throw new ClusteringException($"The address {Address.GetLeftPart(UriPartial.Path)} has something behind its path: leave that out.");
        return Address.AbsolutePath.EndsWith('/') ? Address : new Uri(Address.AbsoluteUri + "/");
    }

    /// <summary>The key, if it can be one.</summary>
    /// <exception cref="ClusteringException">It cannot.</exception>
    internal string? CheckedKey()
    {
        if (Key is not { } key)
            return null;
        // Its own message would show it.
        return key.Length > 0 && key.All(c => c is > ' ' and <= '~')
            ? key
            : throw new ClusteringException("The key is empty, or has blanks or characters that no key has: copy it again.");
    }

    /// <summary>Never the key: options may end up in a log.</summary>
    public override string ToString() => Address.ToString();
}
