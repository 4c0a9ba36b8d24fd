using System.Security.Cryptography;

namespace OrleansCluster.Client;

/// <summary>Ids that people read and type: ten characters without look-alikes, about 50 bits.</summary>
internal static class Ids
{
    private const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz";

    public static string Random() => RandomNumberGenerator.GetString(Alphabet, 10);
}
