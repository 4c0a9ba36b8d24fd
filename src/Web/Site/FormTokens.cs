using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Site;

/// <summary>
/// What shows that a form was made here for whoever sends it. A token is a random number and its keyed hash (HMAC-SHA256); the key is what the browser
/// signed in with, so that every place that answers can check it, or without keys a secret of this process. No page of another site can know either.
/// </summary>
internal static class FormTokens
{
    /// <summary>The field that bears it.</summary>
    public const string Field = "token";

    private const int Salt = 16;

    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>A token for a form of this page. Each is another, so that what is compressed beside it gives nothing away.</summary>
    public static string Make(HttpContext http)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(Salt);
        return Convert.ToHexStringLower([.. salt, .. Hash(http, salt)]);
    }

    /// <summary>Refuses a form that was not made here.</summary>
    /// <exception cref="ProblemException">It brings no token, or another's.</exception>
    public static void Check(HttpContext http, IFormCollection form)
    {
        // A program that shows its key by itself is no browser that another site could use.
        if (SessionCookie.Read(http) is null && SessionCookie.HasHeader(http))
            return;
        string text = form[Field].ToString();
        if (text.Length == 2 * (Salt + SHA256.HashSizeInBytes) && text.All(char.IsAsciiHexDigitLower))
        {
            byte[] token = Convert.FromHexString(text);
            if (CryptographicOperations.FixedTimeEquals(Hash(http, token.AsSpan(0, Salt)), token.AsSpan(Salt)))
                return;
        }

        throw new ProblemException(
            403, ProblemKinds.Forbidden, "This form was not made here for you, or too long ago: load its page again, and send it from there.");
    }

    private static byte[] Hash(HttpContext http, ReadOnlySpan<byte> salt)
    {
        byte[] key = SessionCookie.Read(http) is { } shown ? SHA256.HashData(Encoding.UTF8.GetBytes("form " + shown)) : Secret;
        return HMACSHA256.HashData(key, salt);
    }
}
