using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>All that is known of a dataset, as text and as JSON.</summary>
/// <param name="Dataset">The version that is described.</param>
/// <param name="History">Every version that there ever was.</param>
/// <param name="Shards">Where the shards of the version came from.</param>
/// <param name="Uses">What needs it.</param>
internal sealed record DatasetDescription(
    DatasetVersion Dataset, ImmutableArray<DatasetVersionEntry> History, IReadOnlyList<ShardOrigin> Shards, ImmutableArray<DatasetUse> Uses)
{
    private const int MostUses = 20;

    /// <summary>What <c>datasets show</c> writes, with <c>history</c>, <c>shard_origins</c> and <c>used_by</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePropertyName("dataset");
        DatasetOutput.Write(json, Dataset);
        json.WriteStartArray("history");
        for (int version = 1; version <= History.Length; version++)
        {
            DatasetVersionEntry entry = History[version - 1];
            json.WriteStartObject();
            json.WriteNumber("version", version);
            json.WriteString("manifest", entry.Manifest);
            json.WriteString("created", entry.Created);
            json.WriteString("source", entry.Source);
            json.WriteString("by", entry.By);
            DatasetOutput.Write(json, entry.Expectations);
            if (entry.Deleted is { } deleted)
                json.WriteString("deleted", deleted);
            if (entry.Within > 0)
                json.WriteNumber("within", entry.Within);
            if (entry.Moved.Length > 0)
                json.WriteString("now_of", entry.Moved);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("shard_origins");
        foreach (ShardOrigin shard in Shards)
        {
            json.WriteStartObject();
            json.WriteNumber("shard", shard.Shard);
            json.WriteString("hash", shard.Hash);
            json.WriteNumber("rows", shard.Rows);
            json.WriteNumber("bytes", shard.Bytes);
            json.WriteNumber("version", shard.Version);
            json.WriteString("source", shard.Source);
            json.WriteString("created", shard.Created);
            json.WriteString("by", shard.By);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("used_by");
        foreach (DatasetUse use in Uses)
        {
            json.WriteStartObject();
            json.WriteString(use.Kind, use.Name);
            if (use.Version > 0)
                json.WriteNumber("version", use.Version);
            json.WriteNumber("dataset_version", use.DatasetVersion);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void Write(CommandContext context)
    {
        IAnsiConsole console = context.Terminal.Out;
        DatasetOutput.Write(context, Dataset);
        console.WriteLine();
        new Listing(
            Column.Number("version"), Column.Number("shards", leaves: 2), Column.Number("rows", leaves: 1), Column.Word("created", leaves: 3),
            Column.Word("by", leaves: 4), Column.Path("source", leaves: 5))
            .AddAll(Enumerable.Range(1, History.Length), version =>
            {
                DatasetVersionEntry entry = History[version - 1];
                ShardOrigin[] its = [.. Shards.Where(shard => shard.Version == version)];
                return
                [
                    version.ToString(CultureInfo.InvariantCulture), Numbers.Count(its.Length), Numbers.Count(its.Sum(shard => shard.Rows)),
                    Listing.Date(entry.Created), entry.By,
                    entry.Within > 0 ? $"within version {Numbers.Count(entry.Within)}: {entry.Source}"
                        : entry.Deleted is { } deleted ? $"deleted {Listing.Date(deleted)}" : entry.Moved.Length > 0 ? $"now of {entry.Moved}" : entry.Source,
                ];
            })
            .Write(console);
        Prose.Note(console, $"shards and rows: those of version {Numbers.Count(Dataset.Version)} that each version added");
        console.WriteLine();
        foreach (DatasetUse use in Uses.Take(MostUses))
            TrainingText.Fact(console, "needed by", use.ToString());
        if (Uses.IsEmpty)
            TrainingText.Fact(console, "needed by", "nothing");
        if (Uses.Length > MostUses)
            Prose.Note(console, $"and {Numbers.Count(Uses.Length - MostUses)} more; --report json has them all");
    }
}
