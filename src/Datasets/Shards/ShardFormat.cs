using System.Numerics;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>
/// The layout of a shard file. Everything is little-endian and every part starts at a multiple of 64 bytes:
/// <code>
/// header   magic, version, precision, columns, flags
/// values   rows × columns, row-major, float32 or float64
/// weights  rows × float64                      when flag 1 is set
/// entries  (rows + 1) × uint32 offsets         when flag 4 is set
/// ids      (rows + 1) × uint32 offsets, UTF-8  when flag 2 is set
/// footer   magic, rows, length of the ids' text, CRC-32C of all before the footer, CRC-32C of the footer
/// </code>
/// With flag 4 (version 2) rows are sparse: in place of the values come, row after row, the columns (uint32) of those that are not 0, and these.
/// The footer comes last so that rows stream to the disk before their number is known, and so that a torn file has none.
/// </summary>
public static class ShardFormat
{
    /// <summary>Rows in every shard of a dataset but the last.</summary>
    public const int RowsPerShard = 65_536;

    /// <summary>Most bytes of one row id in UTF-8.</summary>
    public const int MaximumIdBytes = 1024;

    internal const int Version = 2;
    internal const int Alignment = 64;
    internal const int WeightsFlag = 1, IdsFlag = 2, SparseFlag = 4;

    private const ulong HeaderMagic = 0x44_52_41_48_53_2D_43_4F; // "OC-SHARD"
    private const ulong FooterMagic = 0x44_4E_45_44_52_48_53_2D; // "-SHRDEND"

    internal static long Align(long offset) => (offset + Alignment - 1) & -Alignment;

    internal static byte[] Header(Precision precision, int columns, bool hasWeights, bool hasIds, bool isSparse)
    {
        var bytes = new byte[Alignment];
        var header = new HeaderFields
        {
            Magic = HeaderMagic,
            // Dense rows are written as they always were.
            Version = isSparse ? Version : 1,
            Precision = (int)precision,
            Columns = columns,
            Flags = (hasWeights ? WeightsFlag : 0) | (hasIds ? IdsFlag : 0) | (isSparse ? SparseFlag : 0),
        };
        MemoryMarshal.Write(bytes, in header);
        return bytes;
    }

    internal static byte[] Footer(int rows, uint idBytes, uint contentChecksum)
    {
        var bytes = new byte[Alignment];
        var footer = new FooterFields { Magic = FooterMagic, Rows = rows, IdBytes = idBytes, ContentChecksum = contentChecksum };
        MemoryMarshal.Write(bytes, in footer);
        footer.Checksum = Checksum(0, bytes);
        MemoryMarshal.Write(bytes, in footer);
        return bytes;
    }

    /// <summary>The header, or null when <paramref name="bytes"/> do not begin a shard.</summary>
    internal static HeaderFields? ReadHeader(ReadOnlySpan<byte> bytes)
    {
        HeaderFields header = MemoryMarshal.Read<HeaderFields>(bytes);
        return header.Magic == HeaderMagic ? header : null;
    }

    /// <summary>The footer, or null when <paramref name="bytes"/> do not end a shard whole.</summary>
    internal static FooterFields? ReadFooter(ReadOnlySpan<byte> bytes)
    {
        FooterFields footer = MemoryMarshal.Read<FooterFields>(bytes);
        return footer.Magic == FooterMagic && Footer(footer.Rows, footer.IdBytes, footer.ContentChecksum).AsSpan().SequenceEqual(bytes)
            ? footer
            : null;
    }

    /// <summary>Goes on with a CRC-32C (begun with 0).</summary>
    internal static uint Checksum(uint checksum, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
            checksum = BitOperations.Crc32C(checksum, word);
        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
            checksum = BitOperations.Crc32C(checksum, rest);
        return checksum;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal struct HeaderFields
    {
        public ulong Magic;
        public int Version;
        public int Precision;
        public int Columns;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal struct FooterFields
    {
        public ulong Magic;
        public int Rows;
        public uint IdBytes;
        public uint ContentChecksum;
        public uint Checksum;
    }
}
