using System.Text.Json;
using OrleansCluster.Contracts;

namespace OrleansCluster.Json;

/// <summary>Packages and profiles as blobs.</summary>
internal static class PackageEncoding
{
    public static byte[] Encode(PackageDocument package) => JsonSerializer.SerializeToUtf8Bytes(package, ContractJson.Default.PackageDocument);

    public static byte[] Encode(ProfileFile profile) => JsonSerializer.SerializeToUtf8Bytes(profile, ContractJson.Default.ProfileFile);

    /// <exception cref="ClusteringException">The bytes are no package, or one that only a newer program can use.</exception>
    public static PackageDocument Decode(byte[] bytes)
    {
        PackageDocument package = Documents.Read(bytes, "package", PackageDocument.Format, ContractJson.Default.PackageDocument, file => file);
        // Rows that were prepared otherwise than in training would get answers that look right.
        _ = PreparationEncoding.Read(package.Preparation);
        return package;
    }
}
