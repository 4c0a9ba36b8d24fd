using System.Text.RegularExpressions;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Passwords and keys inside settings and messages: which they are, and texts without them.</summary>
public static partial class Secrets
{
    private const string Hidden = "…";
    private const string Words = "password|pwd|passwd|ssl ?password|accountkey|sharedaccesssignature|sharedaccesskey|client ?secret";

    /// <summary>The secret values that a connection, an address or a message holds, whatever server it is of.</summary>
    public static IReadOnlyList<string> In(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Redis separates with commas, which may be part of a value of the others, which separate with semicolons.
        Regex form = text.Contains(';', StringComparison.Ordinal) ? BetweenSemicolons() : BetweenCommas();
        IEnumerable<Match> found = form.Matches(text).Concat(UserInformation().Matches(text)).Concat(Signature().Matches(text));
        return [.. found.Select(match => match.Groups["value"].Value.Trim()).Where(value => value is not ("" or Hidden)).Distinct()];
    }

    /// <summary>The text without the secrets that it holds by itself.</summary>
    public static string Hide(string text) => Hide(text, In(text));

    /// <summary>The text without these secrets.</summary>
    public static string Hide(string text, IEnumerable<string> secrets)
    {
        ArgumentNullException.ThrowIfNull(text);
        // The longest first: one may be part of another.
        foreach (string secret in secrets.OrderByDescending(secret => secret.Length))
        {
            if (secret.Length > 0)
                text = text.Replace(secret, Hidden, StringComparison.Ordinal);
        }

        return text;
    }

    [GeneratedRegex($"""(?<![a-z])({Words})\s*=\s*("(?<value>[^"]+)"|'(?<value>[^']+)'|(?<value>[^;"'\s][^;\r\n]*))""", RegexOptions.IgnoreCase)]
    private static partial Regex BetweenSemicolons();

    [GeneratedRegex($"""(?<![a-z])({Words})\s*=\s*("(?<value>[^"]+)"|'(?<value>[^']+)'|(?<value>[^,;&"'\s][^,;&\r\n]*))""", RegexOptions.IgnoreCase)]
    private static partial Regex BetweenCommas();

    /// <summary>Of a shared access signature, in an address.</summary>
    [GeneratedRegex("(?<=[?&])sig=(?<value>[^&;,\\s]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Signature();

    /// <summary>As in <c>scheme://user:password@host</c>.</summary>
    [GeneratedRegex(@"://[^/\s:@]*:(?<value>[^/\s@]+)@")]
    private static partial Regex UserInformation();
}
