using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Json;

namespace OrleansCluster.Tenancy;

/// <inheritdoc cref="IAuditGrain"/>
/// <remarks>
/// Page p has the entries 64 p + 1 … 64 p + 64. The newest, which is not full, is in the state, full ones are blobs; those of up to 64 pages are named by the
/// state, and those of each 64 before by an index, which names the one before it. So a write is bounded, however long the log.
/// </remarks>
public sealed class AuditGrain(
    [PersistentState("audit", StorageNames.Grains)] IPersistentState<AuditState> state, IBlobStore blobs, TimeProvider time, ISiloStatusOracle silos)
    : Grain, IAuditGrain
{
    private const int PageEntries = IAuditGrain.PageEntries, IndexPages = 64;

    private readonly Dictionary<string, AuditIndexFile> _indexes = new(StringComparer.Ordinal);

    /// <summary>What was begun since this activation was: the silos were there then, whether or not this one had heard of them.</summary>
    private readonly HashSet<string> _heard = new(StringComparer.Ordinal);

    /// <summary>As last written: questions interleave with what is being written.</summary>
    private AuditState _log = new();

    /// <summary>What goes into the next write.</summary>
    private List<Change> _changes = [];

    private Task _written = Task.CompletedTask;
    private Task? _next;

    private string Tenant => GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _log = state.State;
        return Task.CompletedTask;
    }

    public Task Append(ImmutableArray<AuditRecord> records, CancellationToken cancellation = default) => Write(new Change { Records = records });

    public Task Begin(AuditIntent intent, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(intent);
        _heard.Add(intent.Id);
        return Write(new Change { Begun = intent });
    }

    public Task End(string intent, AuditRecord record, CancellationToken cancellation = default)
    {
        _heard.Remove(intent);
        return Write(new Change { Records = [record], Ended = intent });
    }

    public async Task<AuditPage> Read(long page, CancellationToken cancellation = default)
    {
        if (_log.Begun.Any(IsOver))
            await Write(new Change());
        AuditState log = _log;
        long last = Math.Max(0, (log.Entries - 1) / PageEntries);
        if (page < 0)
            page = last;
        return new AuditPage { Page = page, Entries = log.Entries, Head = log.Head, Lines = await Lines(log, page, cancellation) };
    }

    public async Task<ImmutableArray<string>> Blobs(CancellationToken cancellation = default)
    {
        AuditState log = _log;
        var all = ImmutableArray.CreateBuilder<string>();
        all.AddRange(log.Pages);
        for (string archive = log.Archive; archive.Length > 0;)
        {
            AuditIndexFile index = await Index(archive, cancellation);
            all.Add(archive);
            all.AddRange(index.Pages);
            archive = index.Before;
        }

        return all.ToImmutable();
    }

    /// <summary>Changes the log. What comes while it is being written is written together, next.</summary>
    private Task Write(Change change)
    {
        _changes.Add(change);
        if (_next is null)
            _written = _next = WriteNext(_written);
        return _next;
    }

    private async Task WriteNext(Task before)
    {
        await Task.Yield();
        try
        {
            await before;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Those who waited for it were told.
        }

        (List<Change> changes, _changes, _next) = (_changes, [], null);
        AuditState next = await Next(changes);
        await this.Write(state, next);
        _log = next;
    }

    /// <summary>The log with changes, and with what silos that are gone had begun.</summary>
    private async Task<AuditState> Next(List<Change> changes)
    {
        (long entries, string head, string archive) = (_log.Entries, _log.Head, _log.Archive);
        (List<string> lines, List<string> pages) = ([.. _log.Lines], [.. _log.Pages]);
        HashSet<string> ended = [.. changes.Select(change => change.Ended).OfType<string>()];
        AuditIntent[] open = [.. _log.Begun.Concat(changes.Select(change => change.Begun).OfType<AuditIntent>()).Where(intent => !ended.Contains(intent.Id))];
        foreach (AuditRecord record in open.Where(IsOver).Select(Unfinished).Concat(changes.SelectMany(change => change.Records)))
        {
            AuditEntryDocument entry = Entry(record, ++entries, head);
            lines.Add(AuditChain.Seal(entry));
            head = entry.Hash!;
            if (lines.Count < PageEntries)
                continue;
            pages.Add(await Put(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
            lines.Clear();
            if (pages.Count < IndexPages)
                continue;
            var index = new AuditIndexFile { Tenant = Tenant, Before = archive, Pages = [.. pages] };
            archive = await Put(JsonSerializer.SerializeToUtf8Bytes(index, ContractJson.Default.AuditIndexFile));
            pages.Clear();
        }

        return new AuditState
        {
            Entries = entries,
            Head = head,
            Lines = [.. lines],
            Pages = [.. pages],
            Archive = archive,
            Begun = [.. open.Where(intent => !IsOver(intent))],
        };
    }

    /// <summary>Whether the silo that began something is gone. One that joined a moment ago may not be known here yet.</summary>
    private bool IsOver(AuditIntent intent) => silos.GetApproximateSiloStatus(SiloAddress.FromParsableString(intent.Silo)) switch
    {
        SiloStatus.Dead => true,
        SiloStatus.None => !_heard.Contains(intent.Id),
        _ => false,
    };

    private static AuditRecord Unfinished(AuditIntent intent) => intent.Record with
    {
        Outcome = AuditOutcomes.Failed,
        Detail = intent.Record.Detail.Length == 0 ? "unfinished" : intent.Record.Detail + " unfinished",
        Since = intent.Begun,
    };

    private AuditEntryDocument Entry(AuditRecord record, long number, string before) => new()
    {
        Number = number,
        At = time.GetUtcNow(),
        Who = record.Who,
        What = record.What,
        Which = record.Which,
        Detail = record.Detail,
        Outcome = record.Outcome,
        Times = record.Times,
        Rows = record.Rows,
        Since = record.Since,
        Before = before,
    };

    /// <summary>Stores a blob, by a tenant that is known to have some before anything is taken for garbage.</summary>
    private async Task<string> Put(byte[] content)
    {
        await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(CatalogKinds.Everybody, CatalogKinds.Tenants)).Add(Tenant);
        return await blobs.Put(content);
    }

    private async Task<ImmutableArray<string>> Lines(AuditState log, long page, CancellationToken cancellation)
    {
        long full = log.Entries / PageEntries, indexed = full / IndexPages * IndexPages;
        if (page >= full)
            return page == full ? log.Lines : [];
        string hash = page >= indexed ? log.Pages[(int)(page - indexed)] : await Indexed(log.Archive, indexed, page, cancellation);
        return [.. Encoding.UTF8.GetString(await blobs.Get(hash, cancellation)).Split('\n')];
    }

    /// <summary>Content hash of a page that an index names.</summary>
    private async Task<string> Indexed(string archive, long indexed, long page, CancellationToken cancellation)
    {
        for (long first = indexed - IndexPages; ; first -= IndexPages)
        {
            AuditIndexFile index = await Index(archive, cancellation);
            if (page >= first)
                return index.Pages[(int)(page - first)];
            archive = index.Before;
        }
    }

    private async Task<AuditIndexFile> Index(string hash, CancellationToken cancellation)
    {
        if (_indexes.TryGetValue(hash, out AuditIndexFile? known))
            return known;
        AuditIndexFile read = Documents.Read(
            await blobs.Get(hash, cancellation), "index of the audit log", AuditIndexFile.Format, ContractJson.Default.AuditIndexFile, file => file);
        return _indexes[hash] = read;
    }

    /// <summary>Something to write.</summary>
    private readonly record struct Change()
    {
        public ImmutableArray<AuditRecord> Records { get; init; } = [];

        public AuditIntent? Begun { get; init; }

        public string? Ended { get; init; }
    }
}

/// <summary>What an audit log remembers.</summary>
[GenerateSerializer, Immutable, Alias("oc.AuditState")]
public sealed record AuditState
{
    /// <summary>Entries of the whole log.</summary>
    [Id(0)] public long Entries { get; init; }

    /// <summary>Hash of the newest entry; empty: there is none.</summary>
    [Id(1)] public string Head { get; init; } = "";

    /// <summary>The entries behind the last full page, oldest first.</summary>
    [Id(2)] public ImmutableArray<string> Lines { get; init; } = [];

    /// <summary>Content hashes of full pages that no index names, oldest first.</summary>
    [Id(3)] public ImmutableArray<string> Pages { get; init; } = [];

    /// <summary>Content hash of the newest index; empty: there is none.</summary>
    [Id(4)] public string Archive { get; init; } = "";

    /// <summary>What was begun and has not ended.</summary>
    [Id(5)] public ImmutableArray<AuditIntent> Begun { get; init; } = [];
}
