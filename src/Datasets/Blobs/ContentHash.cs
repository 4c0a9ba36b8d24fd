using System.Buffers;
using System.Security.Cryptography;

namespace OrleansCluster.Datasets;

/// <summary>Content addresses: the SHA-256 of the bytes, in lower-case hex.</summary>
public static class ContentHash
{
    private const int Length = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The address of <paramref name="content"/>.</summary>
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <exception cref="ArgumentException"><paramref name="hash"/> is no content address (and so never becomes a path).</exception>
    internal static void Check(string hash)
    {
        if (hash.Length != Length || hash.AsSpan().ContainsAnyExcept(Digits))
            throw new ArgumentException($"'{hash}' is not a SHA-256 in lower-case hex.", nameof(hash));
    }
}
