using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Client;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Output;

/// <summary>What compacting a dataset came to.</summary>
internal static class CompactionOutput
{
    private const int MostKept = 20;

    public static void Write(CommandContext context, string name, DatasetCompaction compaction)
    {
        if (context.Json)
        {
            JsonReport.Print(json => Write(json, name, compaction));
            return;
        }

        int gone = compaction.Versions.Length;
        Terminal.Print(gone == 0
            ? $"{name} is compact: {Of(compaction.Before)}."
            : $"{(compaction.IsDone ? "Compacted" : "Would compact")} {name}: {Of(compaction.Before)} before, {Of(compaction.After)} after.");
        if (gone > 0 && compaction.IsDone)
            Terminal.Print($"The room is free after: {context.Suggest("storage collect")}");
        foreach (DatasetUse use in compaction.Kept.Take(MostKept))
            Terminal.Print($"Kept: {use}.");
        if (compaction.Kept.Length > MostKept)
            Terminal.Print($"Kept for {Numbers.Count(compaction.Kept.Length - MostKept)} more; --report json has them all.");
    }

    private static string Of(StoredVersions stored) =>
        $"{Numbers.Of(stored.Versions, "version")}, {Numbers.Of(stored.Shards, "shard")}, {Numbers.Bytes(stored.Bytes)}";

    private static void Write(Utf8JsonWriter json, string name, DatasetCompaction compaction)
    {
        json.WriteStartObject();
        json.WriteString("dataset", name);
        json.WriteBoolean("dry_run", !compaction.IsDone);
        json.WriteStartArray("versions");
        foreach (DatasetHead head in compaction.Versions)
        {
            json.WriteStartObject();
            json.WriteNumber("version", head.Version);
            json.WriteNumber("rows", head.Rows);
            json.WriteNumber("within", head.Within);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStrings("kept", [.. compaction.Kept.Select(use => use.ToString())]);
        Write(json, "before", compaction.Before);
        Write(json, "after", compaction.After);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, StoredVersions stored)
    {
        json.WriteStartObject(name);
        json.WriteNumber("versions", stored.Versions);
        json.WriteNumber("shards", stored.Shards);
        json.WriteNumber("bytes", stored.Bytes);
        json.WriteEndObject();
    }
}
