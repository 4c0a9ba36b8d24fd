using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Alerts;
using Orleans.Serialization;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Monitoring;

/// <inheritdoc cref="IMonitorGrain"/>
public sealed class MonitorGrain(
    [PersistentState("monitor", StorageNames.Grains)] IPersistentState<MonitorState> state, Serializer<MonitorState> states,
    IBlobStore blobs, ICompute compute, TimeProvider time)
    : Grain, IMonitorGrain
{
    /// <summary>Windows that are kept of a model: of those that silos observed, and of others.</summary>
    private const int MostWindows = 200;

    /// <summary>Parts of a window that are known again.</summary>
    private const int KnownParts = 32;

    private const string Magic = "OCOW";
    private const byte Version = 1;

    /// <summary>Whether it is known that there is something to watch.</summary>
    private bool _isWatched;

    public async Task<ObservedWindow> Keep(WindowPart part, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(part);
        DateTimeOffset now = time.GetUtcNow();
        string day = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string name = part.Window.Length == 0 ? day : GrainKeys.CheckName("window", part.Window);
        ObservedWindow? window = state.State.Windows.FirstOrDefault(one => one.Name == name && one.Version == part.Observation.Version);
        string told = $"{part.Teller}/", id = part.Teller.Length == 0 ? part.Id : told + part.Id;
        if (window is not null && window.Parts.Contains(id, StringComparer.Ordinal))
            return window;
        ReadOnlyMemory<byte> before = window is null ? default : await Read(window, cancellation);
        (byte[] counts, long rows, long far) = await compute.Run(
            ComputePriority.Training, _ => Merge(name, part.Observation.Version, before, part.Observation.Counts), CancellationToken.None);
        var next = new ObservedWindow
        {
            Name = name,
            Version = part.Observation.Version,
            Rows = rows,
            Since = window?.Since ?? now,
            Until = now,
            Counts = await blobs.Put(counts),
            Bytes = counts.Length,
            Parts = [.. (window?.Parts ?? []).Where(one => !one.StartsWith(told, StringComparison.Ordinal)).TakeLast(KnownParts - 1), id],
            IsServed = window?.IsServed ?? part.Teller.Length > 0,
            Far = far,
        };
        ImmutableArray<ObservedWindow> all = [.. state.State.Windows.Where(one => one != window), next];
        ObservedWindow? oldest = all.Count(one => one.IsServed == next.IsServed) > MostWindows ? all.First(one => one.IsServed == next.IsServed) : null;
        ImmutableArray<ObservedWindow> kept = [.. all.Where(one => one != oldest)];
        ImmutableArray<ObservedWindow> gone = [.. state.State.Windows.Where(one => !kept.Contains(one))];
        await this.Write(state, state.State with { Windows = kept });
        foreach (ObservedWindow one in gone.Where(one => one.Counts != next.Counts))
            await blobs.TryDelete(one.Counts);
        await HaveWatched(cancellation);
        return next;
    }

    public async Task<ImmutableArray<SegmentCheck>> Tell(SegmentCheck check, CancellationToken cancellation = default)
    {
        ImmutableArray<SegmentCheck> next = state.State.Checks.With(check, time.GetUtcNow());
        if (next != state.State.Checks)
            await this.Write(state, state.State with { Checks = next });
        await HaveWatched(cancellation);
        return next;
    }

    public Task<ImmutableArray<SegmentCheck>> Checks(CancellationToken cancellation = default) => Task.FromResult(state.State.Checks);

    private async Task HaveWatched(CancellationToken cancellation)
    {
        if (_isWatched)
            return;
        (string tenant, string model) = GrainKeys.Parse(this.GetPrimaryKeyString());
        await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, CatalogKinds.Watched)).Add(model, cancellation);
        await GrainFactory.GetGrain<IAlertsGrain>(GrainKeys.For(tenant, AlertStatus.Key)).Watch(cancellation);
        _isWatched = true;
    }

    public Task<ImmutableArray<ObservedWindow>> Windows(CancellationToken cancellation = default) => Task.FromResult(state.State.Windows);

    public async Task<Observation?> Find(string window, int version, CancellationToken cancellation = default)
    {
        ObservedWindow? found = state.State.Windows.LastOrDefault(one => one.Name == window && one.Version == version);
        return found is null ? null : new Observation { Version = version, Rows = found.Rows, Counts = await Read(found, cancellation) };
    }

    public async Task Forget(int version, CancellationToken cancellation = default)
    {
        ImmutableArray<ObservedWindow> gone = [.. state.State.Windows.Where(one => version == 0 || one.Version == version)];
        if (version == 0)
        {
            _isWatched = false;
            (string tenant, string model) = GrainKeys.Parse(this.GetPrimaryKeyString());
            await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, CatalogKinds.Watched)).Remove(model, cancellation);
        }

        if (gone.IsEmpty && (version != 0 || state.State.Checks.IsEmpty))
            return;
        await this.Write(state, state.State with
        {
            Windows = [.. state.State.Windows.Where(one => !gone.Contains(one))],
            Checks = version == 0 ? [] : state.State.Checks,
        });
        foreach (ObservedWindow one in gone)
            await blobs.TryDelete(one.Counts);
    }

    public Task<PackedState?> PackState(CancellationToken cancellation = default) => Task.FromResult(IsEmpty ? null : new PackedState
    {
        State = states.SerializeToArray(state.State),
        Blobs = [.. state.State.Windows.Select(window => window.Counts).Distinct(StringComparer.Ordinal)],
    });

    public async Task UnpackState(ReadOnlyMemory<byte> packed, CancellationToken cancellation = default)
    {
        string model = GrainKeys.Parse(this.GetPrimaryKeyString()).Name;
        MonitorState next = states.Read(packed, $"windows of the model '{model}'");
        if (IsEmpty)
        {
            await blobs.Keep(next.Windows.Select(window => window.Counts), cancellation);
            await this.Write(state, next);
        }
        else if (!packed.Span.SequenceEqual(states.SerializeToArray(state.State)))
        {
            throw new ClusteringException($"The model '{model}' has other windows here already: nothing was changed.");
        }
    }

    private bool IsEmpty => state.State.Windows.IsEmpty && state.State.Checks.IsEmpty;

    /// <summary>The counts of a window, out of its envelope.</summary>
    private async Task<ReadOnlyMemory<byte>> Read(ObservedWindow window, CancellationToken cancellation)
    {
        byte[] bytes = await blobs.Get(window.Counts, cancellation);
        try
        {
            var reader = new ByteReader(bytes);
            reader.Header(Magic, Version);
            _ = (reader.String(), reader.String(), reader.Int32());
            return reader.Bytes();
        }
        catch (InvalidDataException e)
        {
            throw new ClusteringException($"The window '{window.Name}' cannot be read: {e.Message}");
        }
    }

    /// <summary>Both in one, in an envelope that names model, window and version: no other window has the same blob, so that it goes with its own.</summary>
    private (byte[] Bytes, long Rows, long Far) Merge(string window, int version, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> more)
    {
        try
        {
            ObservedRows rows = Statistic.Decode<ObservedRows>(before.IsEmpty ? more : before);
            if (!before.IsEmpty)
                rows.MergeFrom(Statistic.Decode<ObservedRows>(more));
            using PooledBytes counts = rows.Encode();
            var writer = new ByteWriter();
            writer.Header(Magic, Version);
            writer.String(this.GetPrimaryKeyString());
            writer.String(window);
            writer.Int32(version);
            writer.Bytes(counts.Memory.Span);
            return (writer.ToArray(), rows.Rows, rows.Far.Count);
        }
        catch (InvalidDataException e)
        {
            throw new ClusteringException($"What was observed is damaged, or is not of the version that the window '{window}' is of: {e.Message}");
        }
    }
}

/// <summary>What the monitor of a model remembers.</summary>
[GenerateSerializer, Immutable, Alias("oc.MonitorState")]
public sealed record MonitorState
{
    /// <summary>The one that was added to last is last.</summary>
    [Id(0)] public ImmutableArray<ObservedWindow> Windows { get; init; } = [];

    /// <summary>Checks of segments, the oldest first.</summary>
    [Id(1)] public ImmutableArray<SegmentCheck> Checks { get; init; } = [];
}
