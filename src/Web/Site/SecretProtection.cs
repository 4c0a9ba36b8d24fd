using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace OrleansCluster.Web.Site;

/// <summary>
/// Keeps what travels with people through other sites from being read or changed there: AES-GCM under keys that HKDF makes of a secret, one for each purpose.
/// Every place that has the secret can open it.
/// </summary>
internal sealed class SecretProtection : IDataProtectionProvider, IDataProtector
{
    private const int KeySize = 32, NonceSize = 12, TagSize = 16;

    private readonly byte[] _key;

    /// <param name="secret">The secret.</param>
    public SecretProtection(string secret)
        : this(HKDF.Extract(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), "orleanscluster sign-in"u8.ToArray()))
    {
    }

    private SecretProtection(byte[] key) => _key = key;

    public IDataProtector CreateProtector(string purpose) =>
        new SecretProtection(HKDF.Expand(HashAlgorithmName.SHA256, _key, KeySize, Encoding.UTF8.GetBytes(purpose)));

    public byte[] Protect(byte[] plaintext)
    {
        ArgumentNullException.ThrowIfNull(plaintext);
        var sealedBytes = new byte[NonceSize + TagSize + plaintext.Length];
        Span<byte> nonce = sealedBytes.AsSpan(0, NonceSize), tag = sealedBytes.AsSpan(NonceSize, TagSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_key, TagSize);
        cipher.Encrypt(nonce, plaintext, sealedBytes.AsSpan(NonceSize + TagSize), tag);
        return sealedBytes;
    }

    /// <exception cref="CryptographicException">It was not sealed with this secret for this purpose, or was changed.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        ArgumentNullException.ThrowIfNull(protectedData);
        if (protectedData.Length < NonceSize + TagSize)
            throw new CryptographicException("It is too short to have been sealed here.");
        ReadOnlySpan<byte> sealedBytes = protectedData;
        var plain = new byte[sealedBytes.Length - NonceSize - TagSize];
        using var cipher = new AesGcm(_key, TagSize);
        cipher.Decrypt(sealedBytes[..NonceSize], sealedBytes[(NonceSize + TagSize)..], sealedBytes.Slice(NonceSize, TagSize), plain);
        return plain;
    }
}
