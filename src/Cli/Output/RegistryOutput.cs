using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Models;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>What is said of a model beside its versions, as text and as JSON.</summary>
internal static class RegistryOutput
{
    /// <summary>Revision, aliases, tags and names, as an object.</summary>
    public static void Write(Utf8JsonWriter json, ModelInfo info)
    {
        json.WriteStartObject();
        json.WriteString("model", info.Name);
        WriteFields(json, info);
        json.WriteEndObject();
    }

    /// <summary>Revision, aliases, tags and names, into an object that is open.</summary>
    public static void WriteFields(Utf8JsonWriter json, ModelInfo info)
    {
        json.WriteNumber("revision", info.Revision);
        json.WriteNumber("newest", info.Newest);
        json.WriteNumber("default", info.Default);
        json.WriteString("description", info.Description);
        WriteTags(json, info.Tags);
        json.WriteStartArray("aliases");
        foreach (ModelAlias alias in info.Aliases)
        {
            json.WriteStartObject();
            json.WriteString("name", alias.Name);
            json.WriteNumber("version", alias.Version);
            json.WriteStartArray("earlier");
            foreach (int version in alias.Earlier)
                json.WriteNumberValue(version);
            json.WriteEndArray();
            json.WriteString("since", alias.Since);
            json.WriteString("by", alias.By);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("named_clusters");
        foreach (ClusterNote note in info.Clusters)
        {
            json.WriteStartObject();
            json.WriteNumber("cluster", note.Cluster);
            json.WriteString("name", note.Name);
            json.WriteString("colour", note.Colour);
            json.WriteString("note", note.Note);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("next_cluster", info.NextCluster);
    }

    /// <summary>Tags as an object of their keys.</summary>
    public static void WriteTags(Utf8JsonWriter json, IEnumerable<ModelTag> tags)
    {
        json.WriteStartObject("tags");
        foreach (ModelTag tag in tags)
            json.WriteString(tag.Key, tag.Value);
        json.WriteEndObject();
    }

    /// <summary>What people said of the model, below its versions.</summary>
    public static void WriteText(IAnsiConsole console, ModelInfo info)
    {
        console.WriteLine();
        if (info.Description.Length > 0)
            TrainingText.Fact(console, "about", info.Description);
        if (!info.Aliases.IsEmpty)
            TrainingText.Fact(console, "aliases", string.Join(" · ", info.Aliases.Select(alias => $"{alias.Name} → {Text(alias.Version)}")),
                $"'{info.Name}' alone means version {Text(info.Default)}");
        if (!info.Tags.IsEmpty)
            TrainingText.Fact(console, "tags", string.Join(" ", info.Tags.Select(tag => $"{tag.Key}={tag.Value}")));
        foreach (ClusterNote note in info.Clusters)
            TrainingText.Fact(console, $"cluster {Text(note.Cluster)}", string.Join("  ", new[] { note.Name, note.Colour }.Where(part => part.Length > 0)),
                note.Note.Length > 0 ? note.Note : null);
        TrainingText.Fact(console, "revision", info.Revision.ToString(CultureInfo.InvariantCulture), $"next cluster id {Text(info.NextCluster)}");
    }

    /// <summary>What became of versions.</summary>
    public static void Write(CommandContext context, string name, IReadOnlyList<RetentionVerdict> verdicts, bool dry)
    {
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteString("model", name);
                json.WriteBoolean("dry_run", dry);
                json.WriteStartArray("versions");
                foreach (RetentionVerdict verdict in verdicts)
                {
                    json.WriteStartObject();
                    json.WriteNumber("version", verdict.Version);
                    json.WriteBoolean("pruned", verdict.Pruned);
                    json.WriteString("why", verdict.Why);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        int going = verdicts.Count(verdict => verdict.Pruned);
        context.Terminal.Out.WriteLine();
        TrainingText.Heading(context.Terminal.Out, name, dry ? $"{Numbers.Of(going, "version")} would be pruned" : $"{Numbers.Of(going, "version")} pruned");
        context.Terminal.Out.WriteLine();
        new Listing(Column.Number("version"), Column.Word(""), Column.Prose("because"))
            .AddAll(verdicts, verdict =>
                [Text(verdict.Version), verdict.Pruned ? (dry ? "would go" : "pruned") : verdict.Why == "pruned before" ? "gone" : "stays", verdict.Why])
            .Write(context.Terminal.Out);
    }

    /// <summary>The audit trail.</summary>
    public static void Write(CommandContext context, ModelOutline model, IReadOnlyList<ModelEvent> events)
    {
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartArray();
                foreach (ModelEvent happened in events)
                    Write(json, happened);
                json.WriteEndArray();
            });
            return;
        }

        context.Terminal.Out.WriteLine();
        TrainingText.Heading(context.Terminal.Out, model.Name, events.Count < model.Info.Revision
            ? $"the newest {events.Count} of {Numbers.Of(model.Info.Revision, "change")}" : Numbers.Of(events.Count, "change"));
        context.Terminal.Out.WriteLine();
        new Listing(Column.Number("revision"), Column.Word("when"), Column.Name("who", leaves: 1, least: 4), Column.Prose("what"),
            Column.Prose("why", least: 12))
            .AddAll(events, happened =>
                [happened.Revision.ToString(CultureInfo.InvariantCulture), Listing.Date(happened.At), happened.By, Words(happened), happened.Reason])
            .Write(context.Terminal.Out);
    }

    private static void Write(Utf8JsonWriter json, ModelEvent happened)
    {
        json.WriteStartObject();
        json.WriteNumber("revision", happened.Revision);
        json.WriteString("at", happened.At);
        json.WriteString("by", happened.By);
        json.WriteString("kind", happened.Kind);
        json.WriteNumber("version", happened.Version);
        json.WriteNumber("before", happened.Before);
        json.WriteString("subject", happened.Subject);
        json.WriteString("detail", happened.Detail);
        json.WriteString("reason", happened.Reason);
        json.WriteEndObject();
    }

    private static string Words(ModelEvent happened) => happened.Kind switch
    {
        ModelEvents.Published =>
            $"published version {happened.Version}{(happened.Before > 0 ? $", aligned with {happened.Before}" : "")} (job {happened.Subject})",
        ModelEvents.AliasSet => $"{happened.Subject} → version {happened.Version}{(happened.Before > 0 ? $" (was {happened.Before})" : "")}",
        ModelEvents.AliasRemoved => $"removed {happened.Subject} (was version {happened.Before})",
        ModelEvents.RolledBack => $"rolled {happened.Subject} back to version {happened.Version} (was {happened.Before})",
        ModelEvents.Tagged => $"tagged {Subject(happened)}: {happened.Detail}",
        ModelEvents.Described => $"described {Subject(happened)}: {happened.Detail}",
        ModelEvents.ClusterNamed => $"cluster {happened.Subject}: {happened.Detail}",
        ModelEvents.Pruned => $"pruned {happened.Detail}",
        ModelEvents.Routed => happened.Detail == "none" ? "ended the route" : $"route: {happened.Detail}",
        ModelEvents.PolicySet => happened.Detail == "none" ? "took the policy away" : $"policy: {happened.Detail}",
        _ => $"{happened.Kind} {happened.Subject} {happened.Detail}".Trim(),
    };

    private static string Subject(ModelEvent happened) => happened.Version == 0 ? "the model" : $"version {happened.Version}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
