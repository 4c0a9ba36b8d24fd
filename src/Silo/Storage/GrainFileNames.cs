using System.Security.Cryptography;
using System.Text;

namespace OrleansCluster.Silo.Storage;

/// <summary>File names of grains: readable, and distinct also where the file system ignores case or reserves names.</summary>
internal static class GrainFileNames
{
    private const int ReadableLength = 80;

    public static string For(GrainId grain, string suffix)
    {
        string identity = $"{grain}{(suffix.Length == 0 ? "" : "/")}{suffix}";
        var name = new StringBuilder();
        foreach (char c in identity.Length <= ReadableLength ? identity : identity[..ReadableLength])
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '~');
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(identity));
        return $"{name}.{Convert.ToHexStringLower(hash.AsSpan(0, 8))}.state";
    }

    /// <summary>A number below <paramref name="count"/> for a name, the same in every process.</summary>
    public static int Slot(string name, int count) => (int)(BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name))) % (uint)count);
}
