using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Exchange;

/// <summary>What requests say of what they were decided on, and of being the same request again.</summary>
internal static class Preconditions
{
    private const int LongestKey = 200;

    /// <summary>The revision that a change was decided on; null: it is not said, or any will do.</summary>
    /// <exception cref="ProblemException">It is no revision.</exception>
    public static long? Revision(HttpRequest request)
    {
        string text = request.Headers.IfMatch.ToString();
        if (text.Length == 0 || text == "*")
            return null;
        return text.Length > 2 && text[0] == '"' && text[^1] == '"'
            && long.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out long revision)
            ? revision
            : throw ProblemException.Bad($"If-Match is {text}, and must be the ETag of the model as it was read, as in \"7\".");
    }

    /// <summary>Whether the asker has what an entity tag names.</summary>
    public static bool IsKnown(HttpRequest request, string tag) =>
        request.Headers.IfNoneMatch.ToString() is { Length: > 0 } text
            && text.Split(',', StringSplitOptions.TrimEntries).Any(one => one == tag || one == "*" || one == "W/" + tag);

    /// <summary>A name for what is asked, which is the same when the same is asked again; null: the request has no <c>Idempotency-Key</c>.</summary>
    /// <param name="parts">What tells requests with the same key apart.</param>
    /// <exception cref="ProblemException">The key cannot be one.</exception>
    public static string? Name(HttpRequest request, params ReadOnlySpan<string> parts)
    {
        string key = request.Headers["Idempotency-Key"].ToString();
        if (!request.Headers.ContainsKey("Idempotency-Key"))
            return null;
        if (key.Length is 0 or > LongestKey || key.Any(char.IsControl))
            throw ProblemException.Bad($"Idempotency-Key must be a text of 1 to {LongestKey} characters.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in (ReadOnlySpan<string>)[key, .. parts])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 10));
    }
}
