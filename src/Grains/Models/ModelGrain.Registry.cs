using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Models;

/// <content>Changes: one revision at a time, each an event.</content>
public sealed partial class ModelGrain
{
    private const int MostAliases = 64;
    private const int MostTags = 64;
    private const int MostEarlier = 16;
    private const int MostEvents = 64;
    private const int MostNotes = 4096;
    private const int LongestLine = 200;
    private const int LongestText = 4000;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public Task<ModelInfo> SetAlias(ModelChange change, string alias, int version, CancellationToken cancellation = default) => Change(change, model =>
    {
        ModelReference.CheckAlias(alias);
        CheckVersion(version);
        Kept(version);
        ModelAlias? before = AliasOf(alias);
        if (before is null && model.Aliases.FirstOrDefault(other => other.Name.Equals(alias, StringComparison.OrdinalIgnoreCase)) is { } like)
            throw new ClusteringException($"The model '{Name}' has the alias '{like.Name}', from which '{alias}' differs in case only: write it as "
                + $"'{like.Name}', or choose another alias.");
        if (before is null && model.Aliases.Length >= MostAliases)
            throw new ClusteringException($"The model '{Name}' has {MostAliases} aliases, the most there can be: remove one first.");
        ImmutableArray<int> earlier = before is null || before.Version == version ? before?.Earlier ?? []
            : [.. before.Earlier.Append(before.Version).TakeLast(MostEarlier)];
        return (model with { Aliases = Point(model.Aliases, change, alias, version, earlier) },
            Event(change, ModelEvents.AliasSet) with { Version = version, Before = before?.Version ?? 0, Subject = alias });
    });

    public Task<ModelInfo> RemoveAlias(ModelChange change, string alias, CancellationToken cancellation = default) => Change(change, model =>
    {
        ModelAlias before = ExistingAlias(alias);
        return (model with { Aliases = model.Aliases.Remove(before) },
            Event(change, ModelEvents.AliasRemoved) with { Before = before.Version, Subject = alias });
    });

    public Task<ModelInfo> Rollback(ModelChange change, string alias, CancellationToken cancellation = default) => Change(change, model =>
    {
        ModelAlias before = ExistingAlias(alias);
        if (before.Earlier.IsEmpty)
            throw new ClusteringException($"The alias '{alias}' of the model '{Name}' points to version {before.Version}, and none before it is remembered: "
                + "there is nothing to go back to.");
        int version = before.Earlier[^1];
        Kept(version);
        return (model with { Aliases = Point(model.Aliases, change, alias, version, before.Earlier[..^1]) },
            Event(change, ModelEvents.RolledBack) with { Version = version, Before = before.Version, Subject = alias });
    });

    public Task<ModelInfo> Tag(ModelChange change, int version, ImmutableArray<ModelTag> tags, CancellationToken cancellation = default) =>
        Change(change, model =>
    {
        if (tags.IsDefaultOrEmpty)
            throw new ClusteringException("There are no tags to set: give at least one, as KEY=VALUE.");
        if (version != 0)
            CheckVersion(version);
        var all = new SortedDictionary<string, ModelTag>(StringComparer.Ordinal);
        foreach (ModelTag tag in version == 0 ? model.Tags : model.Versions[version - 1].Tags)
            all[tag.Key] = tag;
        foreach (ModelTag tag in tags)
        {
            GrainKeys.CheckName("tag", tag.Key);
            if (tag.Value.Length == 0)
                all.Remove(tag.Key);
            else
                all[tag.Key] = tag with { Value = CheckText("value of a tag", tag.Value, LongestLine) };
        }

        if (all.Count > MostTags)
            throw new ClusteringException($"That would be {all.Count} tags: at most {MostTags} can be set.");
        ImmutableArray<ModelTag> set = [.. all.Values];
        return (version == 0 ? model with { Tags = set } : WithVersion(model, version, entry => entry with { Tags = set }),
            Event(change, ModelEvents.Tagged) with
            {
                Version = version,
                Subject = string.Join(' ', tags.Select(tag => tag.Key)),
                Detail = string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}")),
            });
    });

    public Task<ModelInfo> Describe(ModelChange change, int version, string text, CancellationToken cancellation = default) => Change(change, model =>
    {
        CheckText("description", text, LongestText);
        if (version != 0)
            CheckVersion(version);
        return (version == 0 ? model with { Description = text } : WithVersion(model, version, entry => entry with { Description = text }),
            Event(change, ModelEvents.Described) with { Version = version, Detail = Short(text) });
    });

    public Task<ModelInfo> NameCluster(ModelChange change, ClusterNote note, CancellationToken cancellation = default) => Change(change, model =>
    {
        ArgumentNullException.ThrowIfNull(note);
        if (note.Cluster < 0 || note.Cluster >= model.NextCluster)
            throw new ClusteringException($"The model '{Name}' never had a cluster {note.Cluster}: the stable ids given so far are 0 … "
                + $"{model.NextCluster - 1}.");
        CheckText("name of a cluster", note.Name, LongestLine);
        CheckText("note on a cluster", note.Note, LongestText);
        if (note.Colour.Length > 0 && (note.Colour.Length != 7 || note.Colour[0] != '#' || note.Colour.AsSpan(1).ContainsAnyExcept(HexDigits)))
            throw new ClusteringException($"'{note.Colour}' is no colour: write it as #rrggbb, as in #1f77b4.");
        bool empty = note.Name.Length + note.Colour.Length + note.Note.Length == 0;
        ImmutableArray<ClusterNote> others = [.. model.Clusters.Where(other => other.Cluster != note.Cluster)];
        ImmutableArray<ClusterNote> notes = empty ? others : [.. others.Append(note).OrderBy(other => other.Cluster)];
        if (notes.Length > MostNotes)
            throw new ClusteringException($"That would be {notes.Length} named clusters: at most {MostNotes} can be.");
        return (model with { Clusters = notes },
            Event(change, ModelEvents.ClusterNamed) with
            {
                Subject = note.Cluster.ToString(CultureInfo.InvariantCulture),
                Detail = Short(note.Name.Length > 0 ? note.Name : note.Note)
            });
    });

    public async Task<ImmutableArray<ModelEvent>> Events(long before, int count, CancellationToken cancellation = default)
    {
        ModelState model = _model;
        var found = new List<ModelEvent>();
        ImmutableArray<ModelEvent> events = model.Events;
        string archive = model.Archive;
        while (true)
        {
            found.AddRange(events.Reverse().Where(e => before <= 0 || e.Revision < before).Take(count - found.Count));
            if (found.Count >= count || archive.Length == 0)
                return [.. found];
            (events, archive) = AuditEncoding.Decode(await blobs.Get(archive, cancellation));
        }
    }

    /// <summary>Carries out a change of the state, unless it was carried out before or another one came first.</summary>
    private async Task<ModelInfo> Change(ModelChange change, Func<ModelState, (ModelState Next, ModelEvent What)> next)
    {
        if (!Begin(change))
        {
            (ModelState changed, ModelEvent what) = next(_model);
            await Commit(changed, what);
        }

        return Inform();
    }

    /// <summary>Whether the change was carried out before.</summary>
    /// <exception cref="ClusteringException">There is no model, or another change came first.</exception>
    private bool Begin(ModelChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        ModelState model = _model;
        // Also one that took the model away.
        if (model.Events.Any(e => e.Change == change.Id))
            return true;
        if (Newest() == 0)
            throw new ClusteringException($"There is no model '{Name}': train it first, or correct the name.");
        if (change.Id.Length is 0 or > LongestLine)
            throw new ClusteringException($"A change needs an id of 1 to {LongestLine} characters.");
        CheckText("name of who asks", change.By, LongestLine);
        CheckText("reason", change.Reason, LongestText);
        if (change.Expected != model.Revision)
        {
            ModelEvent newest = model.Events[^1];
            throw new ClusteringException(
                $"The model '{Name}' is at revision {model.Revision}, not at {change.Expected}: {Tell(newest)}. Nothing was changed; look at it and "
                    + "decide again.");
        }

        return false;
    }

    /// <summary>
    /// Writes the next revision, or one for each of several events at once, and what it was. The oldest events go to a blob when there are many.
    /// </summary>
    private async Task Commit(ModelState next, params ImmutableArray<ModelEvent> what)
    {
        next = Remembering(WithRouteOf(next));
        (ImmutableArray<ModelEvent> events, string archive) = (_model.Events, _model.Archive);
        if (events.Length >= MostEvents)
        {
            archive = await blobs.Put(AuditEncoding.Encode(Tenant, Name, events[..(MostEvents / 2)], archive));
            events = events[(MostEvents / 2)..];
        }

        long revision = _model.Revision;
        events = [.. events, .. what.Select(e => e with { Revision = ++revision })];
        await this.Write(state, next with { Revision = revision, Events = events, Archive = archive });
        _model = state.State;
        foreach (ModelEvent e in events[^what.Length..])
            log.Changed(Tenant, Name, e.Revision, Tell(e), e.Reason.Length > 0 ? $" ({e.Reason})" : "");
        // Told before who asked for the change is: from then on every silo that can be reached answers by it.
        await news.Changed(this.GetPrimaryKeyString());
    }

    private ModelEvent Event(ModelChange change, string kind) =>
        new() { Revision = 0, At = time.GetUtcNow(), By = change.By, Kind = kind, Reason = change.Reason, Change = change.Id };

    /// <summary>An event in words.</summary>
    private static string Tell(ModelEvent e)
    {
        string who = e.By.Length == 0 ? "somebody" : e.By;
        string what = e.Kind switch
        {
            ModelEvents.Published => $"published version {e.Version}",
            ModelEvents.AliasSet => $"pointed '{e.Subject}' to version {e.Version}",
            ModelEvents.AliasRemoved => $"removed the alias '{e.Subject}'",
            ModelEvents.RolledBack => $"rolled '{e.Subject}' back to version {e.Version}",
            ModelEvents.Tagged => $"set tags ({e.Subject})",
            ModelEvents.Described => "changed a description",
            ModelEvents.ClusterNamed => $"named cluster {e.Subject}",
            ModelEvents.Pruned => $"pruned versions {e.Detail}",
            ModelEvents.Deleted => $"deleted {(e.Version > 0 ? $"version {e.Version}" : "the model")}",
            ModelEvents.Routed => $"changed the route to {e.Detail}",
            ModelEvents.PolicySet => $"changed the policy to {e.Detail}",
            _ => $"made a change ({e.Kind})",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{who} {what} at {e.At:yyyy-MM-dd HH:mm:ss} UTC");
    }

    private ModelAlias ExistingAlias(string alias) => AliasOf(alias)
        ?? throw new ClusteringException(_model.Aliases.IsEmpty
            ? $"The model '{Name}' has no alias '{alias}': no alias was set."
            : $"The model '{Name}' has no alias '{alias}': it has {string.Join(", ", _model.Aliases.Select(other => other.Name))}.");

    private ImmutableArray<ModelAlias> Point(ImmutableArray<ModelAlias> aliases, ModelChange change, string alias, int version, ImmutableArray<int> earlier) =>
        [.. aliases.Where(other => other.Name != alias)
            .Append(new ModelAlias { Name = alias, Version = version, Earlier = earlier, Since = time.GetUtcNow(), By = change.By })
            .OrderBy(other => other.Name, StringComparer.Ordinal)];

    private void CheckVersion(int version)
    {
        if (IsThere(version))
            return;
        int[] there = [.. Enumerable.Range(1, _model.Versions.Length).Where(IsThere)];
        throw new ClusteringException($"There is no version {version} of the model '{Name}': it has " + (there.Length == 1
            ? $"version {there[0]}." : there.Length == there[^1] ? $"versions 1 … {there[^1]}." : $"the versions {string.Join(", ", there)}."));
    }

    private static ModelState WithVersion(ModelState model, int version, Func<ModelVersionEntry, ModelVersionEntry> change) =>
        model with { Versions = model.Versions.SetItem(version - 1, change(model.Versions[version - 1])) };

    private static string CheckText(string what, string text, int longest) => text.Length <= longest
        ? text
        : throw new ClusteringException($"The {what} has {text.Length} characters: use at most {longest}.");

    private static string Short(string text) => text.Length <= LongestLine ? text : text[..(LongestLine - 1)] + "…";
}
