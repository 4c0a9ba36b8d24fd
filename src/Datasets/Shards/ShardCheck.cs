using System.Security.Cryptography;

namespace OrleansCluster.Datasets;

/// <summary>Whether a shard's file is the one that a manifest names.</summary>
public static class ShardCheck
{
    /// <summary>Reads all of a shard's file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="manifest">Names it.</param>
    /// <param name="shard">Which of its shards it is.</param>
    /// <returns>What is wrong; null: nothing.</returns>
    /// <exception cref="DataFormatException">The file is damaged, and is no shard.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? Find(string path, DatasetManifest manifest, int shard)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ShardEntry entry = manifest.Shards[shard];
        const string remedy = "Restore the file from a copy, or import the dataset again.";
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0))
        {
            if (file.Length != entry.Bytes)
                return $"{path} has {file.Length} bytes, and the manifest says {entry.Bytes}. {remedy}";
            if (Convert.ToHexStringLower(SHA256.HashData(file)) != entry.Hash)
                return $"{path} is damaged: its content is not what its name says. {remedy}";
        }

        using var mapped = MappedShard.Open(path, DatasetManifest.FirstRow(shard));
        RowSchema schema = manifest.Schema;
        return mapped.Count == entry.Rows && mapped.Columns == schema.Columns.Length && mapped.Precision == schema.Precision
            && mapped.Sparse is not null == schema.IsSparse && mapped.HasIds == schema.IdColumn is not null
            && mapped.Weights.IsEmpty == schema.WeightColumn is null ? null
            : $"{path} holds {mapped.Count} rows of {mapped.Columns} columns, and the manifest says {entry.Rows} of {schema.Columns.Length}, or other ids, "
                + $"weights or precision. {remedy}";
    }
}
