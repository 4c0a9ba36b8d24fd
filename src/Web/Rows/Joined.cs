using System.Runtime.InteropServices;
using OrleansCluster.Serving;

namespace OrleansCluster.Web.Rows;

/// <summary>Answers to rows that were asked about in parts, as one.</summary>
internal static class Joined
{
    public static Assignments Of(IReadOnlyList<Assignments> parts)
    {
        bool one = parts.All(part => part.Versions.IsEmpty && part.Version == parts[0].Version);
        return new Assignments
        {
            Version = one ? parts[0].Version : 0,
            Labels = Bytes(parts, part => part.Labels),
            Distances = Bytes(parts, part => part.Distances),
            Missing = parts.Sum(part => part.Missing),
            Unknown = parts.Sum(part => part.Unknown),
            Versions = one ? default : Bytes(parts, part => MemoryMarshal.AsBytes(part.RowVersions().AsSpan()).ToArray()),
        };
    }

    public static Scores Of(IReadOnlyList<Scores> parts) => parts[0] with
    {
        LogDensities = Bytes(parts, part => part.LogDensities),
        Components = Bytes(parts, part => part.Components),
        Responsibilities = Bytes(parts, part => part.Responsibilities),
        Missing = parts.Sum(part => part.Missing),
        Unknown = parts.Sum(part => part.Unknown),
    };

    private static byte[] Bytes<T>(IReadOnlyList<T> parts, Func<T, ReadOnlyMemory<byte>> of)
    {
        ReadOnlyMemory<byte>[] all = [.. parts.Select(of)];
        var joined = new byte[all.Sum(part => part.Length)];
        int at = 0;
        foreach (ReadOnlyMemory<byte> part in all)
        {
            part.Span.CopyTo(joined.AsSpan(at));
            at += part.Length;
        }

        return joined;
    }
}
