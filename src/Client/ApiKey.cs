using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCluster.Client;

/// <summary>
/// A key as a program shows it: <c>oc_ID_SECRET</c>, where the secret has 256 random bits in base64url. Nothing but its hash is kept, so a lost key cannot be
/// shown again.
/// </summary>
public sealed record ApiKey
{
    private const string Mark = "oc_";
    private const int SecretBytes = 32, SecretLength = 43, LongestId = 32;

    private ApiKey(string id, string text, string hash) => (Id, Text, Hash) = (id, text, hash);

    /// <summary>Names the key; no secret.</summary>
    public string Id { get; }

    /// <summary>The whole key.</summary>
    public string Text { get; }

    /// <summary>SHA-256 of the secret in hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>Makes a new one.</summary>
    public static ApiKey Make()
    {
        string id = Ids.Random(), secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return new ApiKey(id, $"{Mark}{id}_{secret}", HashOf(secret));
    }

    /// <summary>Reads one; null: the text has another form.</summary>
    public static ApiKey? Parse(string? text)
    {
        if (text is null || !text.StartsWith(Mark, StringComparison.Ordinal))
            return null;
        int end = text.IndexOf('_', Mark.Length);
        if (end <= Mark.Length || end - Mark.Length > LongestId || text.Length - end - 1 != SecretLength)
            return null;
        string secret = text[(end + 1)..];
        return Base64Url.IsValid(secret) ? new ApiKey(text[Mark.Length..end], text, HashOf(secret)) : null;
    }

    /// <summary>Never the secret: a key may end up in a log.</summary>
    public override string ToString() => $"{Mark}{Id}_…";

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
}
